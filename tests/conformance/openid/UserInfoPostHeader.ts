import { expect } from "vitest";
import { flow, userinfo } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * Userinfo is asked by POST with the token in the header.
 *
 * Source: OpenID Connect Core 1.0, section 5.3.1; RFC 6750, section 2.
 */
export const UserInfoPostHeader: Module = async (op) => {
  const { tokens } = await flow(op);
  const told = await userinfo(op, tokens.access_token, "header");
  expect(told.headers.get("content-type")).toContain("application/json");
  expect(told).toMatchObject({ status: 200, json: { sub: op.account.sub } });
};
