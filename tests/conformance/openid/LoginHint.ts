import { expect } from "vitest";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * A hint at who it may be hinders nobody else.
 *
 * Source: OpenID Connect Core 1.0, section 3.1.2.1.
 */
export const LoginHint: Module = async (op) => {
  const { claims } = await flow(op, { params: { login_hint: "buffy@example.com" } });
  expect(claims.sub).toBe(op.account.sub);
};
