import * as openid from "openid-client";
import { expect } from "vitest";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * A refresh token gives tokens about the same person, client and issuer.
 *
 * Source: OpenID Connect Core 1.0, section 12.2.
 */
export const RefreshToken: Module = async (op) => {
  const params = { scope: "openid offline_access", prompt: "consent" };
  const { config, tokens, claims } = await flow(op, { params });
  const again = await openid.refreshTokenGrant(config, tokens.refresh_token ?? "");
  const { sub, iss, aud } = claims;
  expect(again.claims()).toMatchObject({ sub, iss, aud });
  expect(again.access_token).not.toBe(tokens.access_token);
};
