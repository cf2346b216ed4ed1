import { expect } from "vitest";
import { CALLBACK } from "../../api/openid-world.ts";
import type { Module } from "../provider/op.ts";

/** What `logo_uri` says is registered as it was said. Source: RFC 7591, section 2. */
export const RegistrationLogoUri: Module = async (op) => {
  const logo_uri = "https://app.example.org/logo";
  const { status, json } = await op.register({ redirect_uris: [CALLBACK], logo_uri });
  expect({ status, json }).toMatchObject({ status: 201, json: { logo_uri } });
};
