import { expect } from "vitest";
import { CALLBACK } from "../../api/openid-world.ts";
import type { Module } from "../provider/op.ts";

/** Keys may be at an address. Source: RFC 7591, section 2. */
export const RegistrationJwksUri: Module = async (op) => {
  const jwks_uri = "https://app.example.org/jwks.json";
  const asked = { redirect_uris: [CALLBACK], token_endpoint_auth_method: "private_key_jwt" };
  const { status, json } = await op.register({ ...asked, jwks_uri });
  expect({ status, json }).toMatchObject({ status: 201, json: { jwks_uri } });
  expect(json).not.toHaveProperty("client_secret");
};
