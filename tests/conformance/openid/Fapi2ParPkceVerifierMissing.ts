import * as openid from "openid-client";
import { expect } from "vitest";
import { fapiClient } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/** A code is worth nothing without its verifier. Source: RFC 7636, section 4.6. */
export const Fapi2ParPkceVerifierMissing: Module = async (op) => {
  const { config, state, push, signIn, DPoP } = await fapiClient(op);
  const back = await signIn(await push());
  const checks = { expectedState: state };
  const redeemed = openid.authorizationCodeGrant(config, back, checks, {}, { DPoP });
  await expect(redeemed).rejects.toMatchObject({ error: "invalid_grant" });
};
