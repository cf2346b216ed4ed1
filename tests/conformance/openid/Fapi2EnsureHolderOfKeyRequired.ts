import * as openid from "openid-client";
import { expect } from "vitest";
import { fapiClient, fapiFlow } from "../provider/fapi.ts";
import { userinfo } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * A bound token is nothing to whoever has not its key.
 *
 * Source: FAPI 2.0 Security Profile, section 5.3.4.
 */
export const Fapi2EnsureHolderOfKeyRequired: Module = async (op) => {
  const client = await fapiClient(op);
  const { tokens } = await fapiFlow(client);
  expect((await userinfo(op, tokens.access_token)).status).toBe(401);
  const { config } = client;
  const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair("ES256"));
  const { sub } = op.account;
  const told = openid.fetchUserInfo(config, tokens.access_token, sub, { DPoP });
  await expect(told).rejects.toMatchObject({ status: 401 });
};
