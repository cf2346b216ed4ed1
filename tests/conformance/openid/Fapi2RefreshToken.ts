import * as openid from "openid-client";
import { expect } from "vitest";
import { fapiClient, fapiFlow } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/**
 * A refresh token of a client that proves itself stays, and gives bound tokens.
 *
 * Source: FAPI 2.0 Security Profile, section 5.3.2.1.
 */
export const Fapi2RefreshToken: Module = async (op) => {
  const client = await fapiClient(op);
  const { tokens } = await fapiFlow(client, { scope: "openid offline_access", prompt: "consent" });
  const { config, DPoP } = client;
  const again = await openid.refreshTokenGrant(config, tokens.refresh_token ?? "", {}, { DPoP });
  expect(again.token_type).toBe("dpop");
  expect(again.access_token).not.toBe(tokens.access_token);
  expect(again.refresh_token ?? tokens.refresh_token).toBe(tokens.refresh_token);
};
