import { expect } from "vitest";
import { flow, later } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * Whoever signed in lately is not asked again, and the ID token says when.
 *
 * Source: OpenID Connect Core 1.0, section 3.1.2.1.
 */
export const MaxAge10000: Module = async (op) => {
  const { client, browser } = await flow(op);
  const params = { max_age: "10000" };
  const first = await flow(op, { client, browser, params });
  const again = await later(2, () => flow(op, { client, browser, params }));
  expect([first.signedIn, again.signedIn]).toEqual([false, false]);
  expect(again.claims.auth_time).toBe(first.claims.auth_time);
  expect(again.claims.auth_time).toBeGreaterThan(0);
};
