import { generateKeyPair, type JWTPayload } from "jose";
import { expect } from "vitest";
import { post } from "../../api/openid/flow.ts";
import { fapiClient, now, proof, type Wrong } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/** A proof that is wrong in anything is none. Source: RFC 9449, section 4.3. */
export const Fapi2DpopNegativeTests: Module = async (op) => {
  const client = await fapiClient(op);
  const { privateKey } = await generateKeyPair("ES256");
  const cases: ReadonlyArray<Wrong & { readonly error?: string }> = [
    { claims: { htu: `${op.url}/oauth2/par` } },
    { claims: { htm: "GET" } },
    // A clock that is wrong is told a nonce to use instead (section 8).
    { claims: { iat: now() - 3600 }, error: "use_dpop_nonce" },
    { claims: { iat: now() + 3600 }, error: "use_dpop_nonce" },
    { claims: { jti: 1 } as object as JWTPayload },
    { header: { typ: "JWT" } },
    { header: { jwk: { kty: "EC" } } },
    { key: privateKey },
  ];
  for (const { error = "invalid_dpop_proof", ...wrong } of cases) {
    const headers = { dpop: await proof(op, client, wrong) };
    const asked = { grant_type: "refresh_token", refresh_token: "x", headers };
    const heard = await post(op, "/oauth2/token", { ...asked, ...(await client.assertion()) });
    expect(heard.json.error, JSON.stringify(wrong)).toBe(error);
  }
};
