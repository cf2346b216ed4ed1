import * as openid from "openid-client";
import { expect } from "vitest";
import { post } from "../../api/openid/flow.ts";
import { codeOf } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** A challenge is taken, and its verifier wanted. Source: RFC 7636, section 4. */
export const RequestWithValidPkce: Module = async (op) => {
  const app = await op.client();
  const verifier = openid.randomPKCECodeVerifier();
  const code_challenge = await openid.calculatePKCECodeChallenge(verifier);
  const challenge = { code_challenge, code_challenge_method: "S256" };
  const [code, other] = [await codeOf(op, app, challenge), await codeOf(op, app, challenge)];
  const told = await post(op, "/oauth2/token", { app, ...code, code_verifier: verifier });
  expect(told).toMatchObject({ status: 200, json: { id_token: expect.any(String) } });
  const bare = await post(op, "/oauth2/token", { app, ...other });
  expect(bare).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
};
