import { expect } from "vitest";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** A small window may be asked for. Source: OpenID Connect Core 1.0, section 3.1.2.1. */
export const DisplayPopup: Module = async (op) => {
  const { claims } = await flow(op, { params: { display: "popup" } });
  expect(claims.sub).toBe(op.account.sub);
};
