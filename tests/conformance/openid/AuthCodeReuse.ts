import { expect } from "vitest";
import { post } from "../../api/openid/flow.ts";
import { codeOf } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** A code is redeemed once. Source: RFC 6749, section 4.1.2. */
export const AuthCodeReuse: Module = async (op) => {
  const app = await op.client();
  const code = await codeOf(op, app);
  expect((await post(op, "/oauth2/token", { app, ...code })).status).toBe(200);
  const again = await post(op, "/oauth2/token", { app, ...code });
  expect(again).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
};
