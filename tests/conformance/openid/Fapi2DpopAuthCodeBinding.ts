import * as openid from "openid-client";
import { expect } from "vitest";
import { fapiClient } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/** A code bound to a key is worth nothing with another. Source: RFC 9449, section 10. */
export const Fapi2DpopAuthCodeBinding: Module = async (op) => {
  const { config, checks, push, signIn, DPoP } = await fapiClient(op);
  const dpop_jkt = await DPoP.calculateThumbprint();
  const [first, second] = [
    await signIn(await push({ dpop_jkt })),
    await signIn(await push({ dpop_jkt })),
  ];
  const tokens = await openid.authorizationCodeGrant(config, first, checks, {}, { DPoP });
  expect(tokens.token_type).toBe("dpop");
  const other = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair("ES256"));
  const redeemed = openid.authorizationCodeGrant(config, second, checks, {}, { DPoP: other });
  await expect(redeemed).rejects.toMatchObject({ error: "invalid_grant" });
};
