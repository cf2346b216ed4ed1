import * as Effect from "effect/Effect";
import { SigningKeys } from "../../adapters/ports/signing-keys.ts";
import type { JsonObject } from "../../domain/json.ts";
import { isPublic, type SigningKeyRow } from "../../projections/jwks.ts";
import { publicRoute } from "../http/route.ts";
import { signingKeys } from "./signing-keys.ts";

/** RFC 7517, section 8.5.2. */
const JWK_SET = "application/jwk-set+json";

/** A standby is published a day before it signs, so that no cache of this age misses it. */
const MAX_AGE_SECONDS = 600;
const CACHED = `public, max-age=${MAX_AGE_SECONDS}`;

/** RFC 7517, section 5: who verifies our tokens keeps it for ten minutes. */
export const getJwks = publicRoute({
  method: "GET",
  path: "/oauth2/jwks",
  summary: "The keys that verify our tokens, as a JWK Set; ES256, EdDSA and RS256",
  responses: { 200: { description: "A JWK Set, RFC 7517", contentType: JWK_SET } },
  reads: ["jwks"],
  handler: ({ atLeast }) =>
    Effect.gen(function* () {
      const rows = yield* signingKeys(atLeast);
      const model = yield* SigningKeys;
      const before = written.get(model);
      const at = model.position();
      const set = before?.at === at ? before : { at, ...writtenOf(rows) };
      written.set(model, set);
      return {
        status: 200,
        text: { contentType: JWK_SET, content: set.content },
        // Where there are none yet, there soon will be.
        headers: set.isEmpty ? {} : { "cache-control": CACHED },
      };
    }),
});

type Written = { readonly content: string; readonly isEmpty: boolean };

/** The set as it was written last, until its ledger goes on. */
const written = new WeakMap<SigningKeys["Service"], Written & { readonly at: number }>();

function writtenOf(rows: ReadonlyArray<SigningKeyRow>): Written {
  const keys = rows.filter(({ status }) => isPublic(status)).map(jwkOf);
  return { content: JSON.stringify({ keys }), isEmpty: keys.length === 0 };
}

/** RFC 7517, section 4. */
function jwkOf({ kid, algorithm, publicKey }: SigningKeyRow): JsonObject {
  return { ...publicKey, kid, alg: algorithm, use: "sig" };
}
