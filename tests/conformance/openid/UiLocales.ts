import { expect } from "vitest";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * A language for pages that there is not hinders nothing.
 *
 * Source: OpenID Connect Core 1.0, section 3.1.2.1.
 */
export const UiLocales: Module = async (op) => {
  const { claims } = await flow(op, { params: { ui_locales: "se" } });
  expect(claims.sub).toBe(op.account.sub);
};
