import { expect } from "vitest";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** A whole page may be asked for. Source: OpenID Connect Core 1.0, section 3.1.2.1. */
export const DisplayPage: Module = async (op) => {
  const { claims } = await flow(op, { params: { display: "page" } });
  expect(claims.sub).toBe(op.account.sub);
};
