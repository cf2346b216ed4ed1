import { createRemoteJWKSet, jwtVerify } from "jose";
import { expect } from "vitest";
import { flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * An ID token is signed with RS256 by a key of the set.
 *
 * Source: OpenID Connect Core 1.0, section 2 and 10.1.
 */
export const IdTokenSignature: Module = async (op) => {
  const { client, tokens, config } = await flow(op);
  const jwks = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri ?? ""));
  const { protectedHeader } = await jwtVerify(tokens.id_token ?? "", jwks, {
    issuer: op.url,
    audience: client.clientId,
  });
  expect(protectedHeader).toMatchObject({ alg: "RS256", kid: expect.any(String) });
};
