import { expect } from "vitest";
import { flow, userinfo } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** A claim asked for as essential is told. Source: OpenID Connect Core 1.0, section 5.5.1. */
export const ClaimsEssential: Module = async (op) => {
  const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
  const { tokens } = await flow(op, { params: { claims } });
  expect((await userinfo(op, tokens.access_token)).json).toEqual({
    sub: op.account.sub,
    name: "Ada",
  });
};
