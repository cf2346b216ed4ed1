import { expect } from "vitest";
import { metadataOf } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * Discovery says what there is, under the address of the issuer.
 *
 * Source: OpenID Connect Discovery 1.0, section 3.
 */
export const Config: Module = async (op) => {
  const told = await metadataOf(op);
  expect(told.issuer).toBe(op.url);
  for (const name of ["authorization", "token", "userinfo"] as const) {
    expect(told[`${name}_endpoint`]?.startsWith(`${op.url}/`)).toBe(true);
  }
  expect(told.scopes_supported).toContain("openid");
  expect(told.response_types_supported).toEqual(["code"]);
  expect(told.subject_types_supported).toContain("public");
  expect(told.id_token_signing_alg_values_supported).toContain("RS256");
  expect(told.claims_parameter_supported).toBe(true);
  expect(told.request_uri_parameter_supported).toBe(false);
  const jwks = await (await fetch(told.jwks_uri ?? "")).json();
  const kids = jwks.keys.map(({ kid }: { kid: string }) => kid);
  expect(new Set(kids).size).toBe(kids.length);
  expect(JSON.stringify(jwks)).not.toMatch(/"(?:d|p|q|dp|dq|qi|k)":/);
};
