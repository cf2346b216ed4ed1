import { expect } from "vitest";
import { post } from "../../api/openid/flow.ts";
import { codeOf } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * The plain flow of a client that sends its secret in the header.
 *
 * Source: OpenID Connect Core 1.0, section 9.
 */
export const ServerTestClientSecretBasic: Module = async (op) => {
  const app = await op.client({ token_endpoint_auth_method: "client_secret_basic" });
  const told = await post(op, "/oauth2/token", { app, ...(await codeOf(op, app)) });
  expect(told.status).toBe(200);
  expect(told.json).toMatchObject({ token_type: "Bearer", scope: "openid" });
  expect(told.headers.get("cache-control")).toContain("no-store");
};
