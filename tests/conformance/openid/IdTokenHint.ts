import { expect } from "vitest";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * A hint at who is signed in is enough to be told so without a page.
 *
 * Source: OpenID Connect Core 1.0, section 3.1.2.1.
 */
export const IdTokenHint: Module = async (op) => {
  const { client, browser, tokens, claims } = await flow(op);
  const params = { prompt: "none", id_token_hint: tokens.id_token ?? "" };
  const again = await flow(op, { client, browser, params });
  expect(again.signedIn).toBe(false);
  expect(again.claims.sub).toBe(claims.sub);
};
