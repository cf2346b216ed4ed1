import { expect } from "vitest";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * A language for claims that there is not hinders nothing.
 *
 * Source: OpenID Connect Core 1.0, section 5.2.
 */
export const ClaimsLocales: Module = async (op) => {
  const { claims } = await flow(op, { params: { claims_locales: "se" } });
  expect(claims.sub).toBe(op.account.sub);
};
