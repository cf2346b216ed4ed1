import { expect } from "vitest";
import { metadataOf } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * Discovery says what a high-security client needs.
 *
 * Source: FAPI 2.0 Security Profile, section 5.3.2.1.
 */
export const Fapi2Discovery: Module = async (op) => {
  const told = await metadataOf(op);
  expect(told).toMatchObject({
    pushed_authorization_request_endpoint: `${op.url}/oauth2/par`,
    authorization_response_iss_parameter_supported: true,
    code_challenge_methods_supported: ["S256"],
  });
  expect(told.token_endpoint_auth_methods_supported).toContain("private_key_jwt");
  expect(told.dpop_signing_alg_values_supported).toContain("ES256");
  const signing = told.token_endpoint_auth_signing_alg_values_supported;
  expect(signing).toEqual(expect.arrayContaining(["ES256", "PS256"]));
};
