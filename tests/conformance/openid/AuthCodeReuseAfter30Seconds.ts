import { expect } from "vitest";
import { post } from "../../api/openid/flow.ts";
import { codeOf, later, userinfo } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** A code that comes back later takes with it what it gave. Source: RFC 6749, section 4.1.2. */
export const AuthCodeReuseAfter30Seconds: Module = async (op) => {
  const app = await op.client();
  const code = await codeOf(op, app);
  const { json } = await post(op, "/oauth2/token", { app, ...code });
  await later(30, async () => {
    const again = await post(op, "/oauth2/token", { app, ...code });
    expect(again).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
    expect((await userinfo(op, json.access_token)).status).toBe(401);
  });
};
