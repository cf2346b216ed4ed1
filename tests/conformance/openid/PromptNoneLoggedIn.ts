import { expect } from "vitest";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * Whoever is signed in and agreed is told of without a page.
 *
 * Source: OpenID Connect Core 1.0, section 3.1.2.1.
 */
export const PromptNoneLoggedIn: Module = async (op) => {
  const { client, browser, claims } = await flow(op);
  const again = await flow(op, { client, browser, params: { prompt: "none" } });
  expect(again.claims).toMatchObject({ sub: claims.sub, iss: claims.iss, aud: claims.aud });
};
