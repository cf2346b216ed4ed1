import { expect } from "vitest";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** The order of scopes means nothing. Source: RFC 6749, section 3.3. */
export const EnsureOtherScopeOrderSucceeds: Module = async (op) => {
  const { claims } = await flow(op, { params: { scope: "email openid" } });
  expect(claims.sub).toBe(op.account.sub);
};
