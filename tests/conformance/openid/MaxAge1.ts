import { expect } from "vitest";
import { flow, later } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * Whoever signed in too long ago proves anew who it is.
 *
 * Source: OpenID Connect Core 1.0, section 3.1.2.1.
 */
export const MaxAge1: Module = async (op) => {
  const { client, browser, claims } = await flow(op, { params: { max_age: "10000" } });
  await later(2, async () => {
    const again = await flow(op, { client, browser, params: { max_age: "1" } });
    expect(again.signedIn).toBe(true);
    expect(again.claims.auth_time).toBeGreaterThan(claims.auth_time ?? Infinity);
  });
};
