import { expect } from "vitest";
import { flow, userinfo } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * The scope `profile` tells its claims, and no others.
 *
 * Source: OpenID Connect Core 1.0, section 5.4.
 */
export const ScopeProfile: Module = async (op) => {
  const { tokens, claims } = await flow(op, { params: { scope: "openid profile" } });
  expect(claims.sub).toBe(op.account.sub);
  const { json } = await userinfo(op, tokens.access_token);
  expect(Object.keys(json).toSorted()).toEqual(["name", "sub", "updated_at"]);
};
