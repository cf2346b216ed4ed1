import { expect } from "vitest";
import { flow, userinfo } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** All scopes together tell all claims. Source: OpenID Connect Core 1.0, section 5.4. */
export const ScopeAll: Module = async (op) => {
  const { tokens, claims } = await flow(op, {
    params: { scope: "openid profile email address phone" },
  });
  expect(claims.sub).toBe(op.account.sub);
  const { json } = await userinfo(op, tokens.access_token);
  expect(Object.keys(json).toSorted()).toEqual([
    "address",
    "email",
    "email_verified",
    "name",
    "phone_number",
    "phone_number_verified",
    "sub",
    "updated_at",
  ]);
};
