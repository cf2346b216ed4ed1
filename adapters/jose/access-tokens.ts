import { createHash } from "node:crypto";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  EmbeddedJWK,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from "jose";
import { SIGNING_ALGORITHMS } from "../../domain/keyring/mod.ts";
import { isPublic, type SigningKeyRow } from "../../projections/jwks.ts";
import {
  type AccessTokenClaims,
  AccessTokens,
  type PresentedToken,
} from "../ports/access-tokens.ts";
import { Artefacts } from "../ports/artefacts.ts";
import { SigningKeys } from "../ports/signing-keys.ts";

/** How far a proof's time may be off, in seconds: clocks of devices are. */
const PROOF_SECONDS = 300;
/** What proofs may be signed with. Source: RFC 9449, section 4.3. */
const PROOF_ALGORITHMS = ["ES256", "RS256", "PS256", "EdDSA", "Ed25519"];

/**
 * Over the signing keys that this process follows; nothing is asked over the network. Lifetimes are
 * measured by the clock of the process, as they were when the token was made.
 */
export const layer: Layer.Layer<AccessTokens, never, SigningKeys | Artefacts> = Layer.effect(
  AccessTokens,
  Effect.gen(function* () {
    const keys = yield* SigningKeys;
    const artefacts = yield* Artefacts;
    let known: { readonly position: number; readonly set: KeySet } | undefined;
    const keySet = Effect.map(keys.rows, (rows) => {
      if (known?.position !== keys.position()) {
        known = { position: keys.position(), set: createLocalJWKSet(jwksOf([...rows.values()])) };
      }
      return known.set;
    });
    return {
      verify: (presented, { issuer, audience }) =>
        Effect.gen(function* () {
          const set = yield* keySet;
          const payload = yield* tried(() =>
            jwtVerify(presented.token, set, {
              issuer,
              audience,
              typ: "at+jwt",
              algorithms: [...SIGNING_ALGORITHMS],
            }).then((verified) => verified.payload),
          );
          const claims = payload && claimsOf(payload);
          if (claims === undefined) return undefined;
          if (claims.jkt === undefined) return presented.scheme === "bearer" ? claims : undefined;
          const proof = yield* tried(() => proven(presented, claims.jkt));
          if (proof === undefined) return undefined;
          const expiresAtMs = (yield* Clock.currentTimeMillis) + 2 * PROOF_SECONDS * 1000;
          const isFirst = yield* artefacts.first(`api-proof/${claims.jkt}`, proof, expiresAtMs);
          return isFirst ? claims : undefined;
        }),
    };
  }),
);

type KeySet = ReturnType<typeof createLocalJWKSet>;

/** What a wrong token throws is not told: it is just no token. */
const tried = <A>(check: () => Promise<A>): Effect.Effect<A | undefined> =>
  Effect.promise(() => check().catch(() => undefined));

function jwksOf(rows: ReadonlyArray<SigningKeyRow>): JSONWebKeySet {
  const keys = rows
    .filter(({ status }) => isPublic(status))
    .map(({ publicKey, kid, algorithm: alg }) => ({ ...publicKey, kid, alg, use: "sig" }));
  return { keys };
}

function claimsOf(payload: JWTPayload): AccessTokenClaims | undefined {
  const { sub, client_id: clientId, scope = "", cnf, grant_id: grantId, act } = payload;
  if (sub === undefined || typeof clientId !== "string" || typeof scope !== "string") {
    return undefined;
  }
  const { jkt } = (cnf ?? {}) as { readonly jkt?: string };
  const { sub: actor } = (act ?? {}) as { readonly sub?: string };
  return {
    sub,
    clientId,
    scopes: scope.split(" ").filter((name) => name !== ""),
    ...(jkt === undefined ? {} : { jkt }),
    ...(typeof grantId === "string" ? { grantId } : {}),
    ...(actor === undefined ? {} : { actor }),
  };
}

/** The `jti` of a proof that fits token, request and key. Source: RFC 9449, section 4.3. */
async function proven(
  { token, scheme, proof = "", method, url }: PresentedToken,
  jkt: string | undefined,
): Promise<string> {
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
    typ: "dpop+jwt",
    algorithms: PROOF_ALGORITHMS,
    clockTolerance: PROOF_SECONDS,
  });
  const { jti, htm, htu, iat = 0, ath } = payload;
  const fits =
    scheme === "dpop" &&
    typeof jti === "string" &&
    jti !== "" &&
    htm === method &&
    withoutQuery(htu) === url &&
    Math.abs(Date.now() / 1000 - iat) <= PROOF_SECONDS &&
    ath === createHash("sha256").update(token).digest("base64url") &&
    protectedHeader.jwk !== undefined &&
    (await calculateJwkThumbprint(protectedHeader.jwk)) === jkt;
  if (!fits) throw new Error("the proof does not fit");
  return jti;
}

function withoutQuery(htu: unknown): string | undefined {
  if (typeof htu !== "string" || !URL.canParse(htu)) return undefined;
  const url = new URL(htu);
  url.search = "";
  url.hash = "";
  return url.href;
}
