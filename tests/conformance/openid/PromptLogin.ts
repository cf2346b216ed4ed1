import { expect } from "vitest";
import { flow, later } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * A new proof is asked of whoever is signed in.
 *
 * Source: OpenID Connect Core 1.0, section 3.1.2.1.
 */
export const PromptLogin: Module = async (op) => {
  const { client, browser } = await flow(op);
  const params = { max_age: "10000" };
  const before = await flow(op, { client, browser, params });
  const again = await later(2, () =>
    flow(op, { client, browser, params: { ...params, prompt: "login" } }),
  );
  expect(again.signedIn).toBe(true);
  expect(again.claims.auth_time).toBeGreaterThan(before.claims.auth_time ?? Infinity);
};
