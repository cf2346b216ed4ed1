import { expect } from "vitest";
import { CALLBACK } from "../../api/openid-world.ts";
import type { Module } from "../provider/op.ts";

/**
 * Subjects are the same for all clients: none of its own is given to one.
 *
 * Source: OpenID Connect Core 1.0, section 8.
 */
export const RegistrationPairwise: Module = async (op) => {
  const asked = { redirect_uris: [CALLBACK], subject_type: "pairwise" };
  const { status, json } = await op.register(asked);
  expect([status, json["error"]]).toEqual([400, "invalid_client_metadata"]);
};
