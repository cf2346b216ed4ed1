import { expect } from "vitest";
import { post } from "../../api/openid/flow.ts";
import { fapiClient, now } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/**
 * What a client signs is for us, about itself, now, and once.
 *
 * Source: FAPI 2.0 Security Profile, section 5.3.2.1; RFC 7523, section 3.
 */
export const Fapi2ClientAssertion: Module = async (op) => {
  const client = await fapiClient(op);
  const ask = async (assertion: object) => {
    const asked = { grant_type: "refresh_token", refresh_token: "x", ...assertion };
    return (await post(op, "/oauth2/token", asked)).json.error;
  };
  const good = await client.assertion();
  // Who it is was believed; what it asked for there is not.
  expect(await ask(good)).toBe("invalid_grant");
  expect(await ask(good)).toBe("invalid_client");
  for (const wrong of [
    { aud: "https://other.example" },
    { iss: "another-client" },
    { sub: "another-client" },
    { exp: now() - 3600 },
    { exp: undefined },
    { jti: undefined },
  ]) {
    const error = await ask(await client.assertion(wrong));
    expect(["invalid_client", "invalid_request"], JSON.stringify(wrong)).toContain(error);
  }
};
