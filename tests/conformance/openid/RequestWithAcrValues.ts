import { expect } from "vitest";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * A level of assurance asked for voluntarily is no condition; what is claimed is text.
 *
 * Source: OpenID Connect Core 1.0, section 5.5.1.1.
 */
export const RequestWithAcrValues: Module = async (op) => {
  const { claims } = await flow(op, { params: { acr_values: "1 2" } });
  expect(["string", "undefined"]).toContain(typeof claims["acr"]);
};
