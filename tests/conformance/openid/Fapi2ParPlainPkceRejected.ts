import { expect } from "vitest";
import { fapiClient } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/**
 * A challenge in the clear is refused when it is pushed.
 *
 * Source: FAPI 2.0 Security Profile, section 5.3.2.2.
 */
export const Fapi2ParPlainPkceRejected: Module = async (op) => {
  const client = await fapiClient(op);
  const pushed = client.push({ code_challenge_method: "plain" });
  await expect(pushed).rejects.toMatchObject({ error: "invalid_request" });
};
