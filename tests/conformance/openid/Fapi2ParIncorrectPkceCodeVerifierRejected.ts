import * as openid from "openid-client";
import { expect } from "vitest";
import { fapiClient } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/** A code is worth nothing with another verifier. Source: RFC 7636, section 4.6. */
export const Fapi2ParIncorrectPkceCodeVerifierRejected: Module = async (op) => {
  const { config, checks, push, signIn, DPoP } = await fapiClient(op);
  const back = await signIn(await push());
  const wrong = { ...checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() };
  const redeemed = openid.authorizationCodeGrant(config, back, wrong, {}, { DPoP });
  await expect(redeemed).rejects.toMatchObject({ error: "invalid_grant" });
};
