import * as openid from "openid-client";
import { expect } from "vitest";
import { fapiClient } from "../provider/fapi.ts";
import { later } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** A code lasts a minute at most. Source: FAPI 2.0 Security Profile, section 5.3.2.2. */
export const Fapi2CodeLifetime: Module = async (op) => {
  const { config, checks, push, signIn } = await fapiClient(op);
  const back = await signIn(await push());
  const redeemed = later(61, () => openid.authorizationCodeGrant(config, back, checks));
  await expect(redeemed).rejects.toMatchObject({ error: "invalid_grant" });
};
