import { expect } from "vitest";
import { CALLBACK } from "../../api/openid-world.ts";
import type { Module } from "../provider/op.ts";

/** What `policy_uri` says is registered as it was said. Source: RFC 7591, section 2. */
export const RegistrationPolicyUri: Module = async (op) => {
  const policy_uri = "https://app.example.org/policy";
  const { status, json } = await op.register({ redirect_uris: [CALLBACK], policy_uri });
  expect({ status, json }).toMatchObject({ status: 201, json: { policy_uri } });
};
