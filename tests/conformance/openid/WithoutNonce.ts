import { expect } from "vitest";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * The code flow needs no nonce, and the ID token then has none.
 *
 * Source: OpenID Connect Core 1.0, section 3.1.2.1.
 */
export const WithoutNonce: Module = async (op) => {
  const { claims } = await flow(op, { params: { nonce: "" } });
  expect(claims.sub).toBe(op.account.sub);
  expect(claims).not.toHaveProperty("nonce");
};
