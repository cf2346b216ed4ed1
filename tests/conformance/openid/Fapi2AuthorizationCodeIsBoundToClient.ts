import * as openid from "openid-client";
import { expect } from "vitest";
import { fapiClient } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/** A code is worth nothing to another client. Source: RFC 6749, section 4.1.3. */
export const Fapi2AuthorizationCodeIsBoundToClient: Module = async (op) => {
  const [client, other] = [await fapiClient(op), await fapiClient(op)];
  const back = await client.signIn(await client.push());
  const { config, DPoP } = other;
  const redeemed = openid.authorizationCodeGrant(config, back, client.checks, {}, { DPoP });
  await expect(redeemed).rejects.toMatchObject({ error: "invalid_grant" });
};
