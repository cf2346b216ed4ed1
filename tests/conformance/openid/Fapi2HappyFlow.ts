import * as openid from "openid-client";
import { expect } from "vitest";
import { fapiClient, fapiFlow } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/**
 * Pushed, signed, bound: the flow of the profile.
 *
 * Source: FAPI 2.0 Security Profile, section 5.3.
 */
export const Fapi2HappyFlow: Module = async (op) => {
  const client = await fapiClient(op);
  const { back, tokens } = await fapiFlow(client);
  expect(back.searchParams.get("iss")).toBe(op.url);
  const { sub } = op.account;
  expect(tokens.claims()?.sub).toBe(sub);
  const { config, DPoP } = client;
  const told = await openid.fetchUserInfo(config, tokens.access_token, sub, { DPoP });
  expect(told.sub).toBe(sub);
};
