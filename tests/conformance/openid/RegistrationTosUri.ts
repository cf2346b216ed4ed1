import { expect } from "vitest";
import { CALLBACK } from "../../api/openid-world.ts";
import type { Module } from "../provider/op.ts";

/** What `tos_uri` says is registered as it was said. Source: RFC 7591, section 2. */
export const RegistrationTosUri: Module = async (op) => {
  const tos_uri = "https://app.example.org/tos";
  const { status, json } = await op.register({ redirect_uris: [CALLBACK], tos_uri });
  expect({ status, json }).toMatchObject({ status: 201, json: { tos_uri } });
};
