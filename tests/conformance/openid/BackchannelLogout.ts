import { createRemoteJWKSet, jwtVerify } from "jose";
import { expect } from "vitest";
import { logoutReceiver } from "../../support/logout-receiver.ts";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";
import { confirm } from "../provider/sign-out.ts";

/**
 * A client is told of the end of a session, by a token about it.
 *
 * Source: Back-Channel Logout 1.0, section 2.4.
 */
export const BackchannelLogout: Module = async (op) => {
  const receiver = await logoutReceiver();
  const application = receiver.application();
  const client = await op.client({ backchannel_logout_uri: application.uri });
  const { browser, claims, config, tokens } = await flow(op, { client });
  const wish = `${op.url}/oauth2/logout?id_token_hint=${tokens.id_token}`;
  await confirm(browser, await browser.open(wish));
  const [told] = await application.hears();
  const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri ?? ""));
  const { payload } = await jwtVerify(told?.token ?? "", keys, {
    issuer: op.url,
    audience: client.clientId,
    typ: "logout+jwt",
  });
  expect(payload).toMatchObject({
    sub: claims.sub,
    jti: expect.any(String),
    iat: expect.any(Number),
    events: { "http://schemas.openid.net/event/backchannel-logout": {} },
  });
  expect(payload["sid"] ?? claims["sid"]).toBe(claims["sid"]);
  expect(payload).not.toHaveProperty("nonce");
  await receiver.close();
};
