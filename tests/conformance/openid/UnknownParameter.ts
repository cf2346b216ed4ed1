import { expect } from "vitest";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** A parameter that nobody knows is ignored. Source: RFC 6749, section 3.1. */
export const UnknownParameter: Module = async (op) => {
  const { claims } = await flow(op, { params: { extra: "foobar" } });
  expect(claims.sub).toBe(op.account.sub);
};
