import { expect } from "vitest";
import { fapiClient } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/** A pushed request names no other. Source: RFC 9126, section 2.1. */
export const Fapi2ParContainsRequestUri: Module = async (op) => {
  const client = await fapiClient(op);
  const pushed = client.push({ request_uri: "urn:ietf:params:oauth:request_uri:x" });
  await expect(pushed).rejects.toMatchObject({ status: 400 });
};
