import fc from "fast-check";
import {
  type FreshKey,
  KEY_ACTIVE_MS,
  KEY_LEAD_MS,
  KEY_RETAINED_MS,
  type KeyringCommand,
  type Moment,
  type PublicJwk,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
} from "../../domain/keyring/mod.ts";

const HOUR_MS = 3_600_000;
const EPOCH_MS = Date.parse("2026-11-21T00:00:00.000Z");
const DIGITS = 43;
const coordinate = "A".repeat(DIGITS);

const publicKeys: { readonly [of in SigningAlgorithm]: PublicJwk } = {
  RS256: { kty: "RSA", n: "AQAB", e: "AQAB" },
  ES256: { kty: "EC", crv: "P-256", x: coordinate, y: coordinate },
  EdDSA: { kty: "OKP", crv: "Ed25519", x: coordinate },
};

/** The nth pair of an algorithm: the same one each time. */
export function fresh(algorithm: SigningAlgorithm, n: number): FreshKey {
  const kid = `${algorithm}-${n}-`.padEnd(DIGITS, "_");
  return {
    kid,
    algorithm,
    publicKey: publicKeys[algorithm],
    privateKey: { id: `signing-key:${kid}`, digest: "0".repeat(64) },
  };
}

/** That many hours after the tests began. */
export function moment(hours: number): Moment {
  const nowMs = EPOCH_MS + hours * HOUR_MS;
  const after = (ms: number) => new Date(nowMs + ms).toISOString();
  return {
    now: after(0),
    signsFrom: after(KEY_LEAD_MS),
    rotatesAt: after(KEY_ACTIVE_MS),
    withdrawnFrom: after(KEY_RETAINED_MS),
  };
}

const key = fc
  .record({ algorithm: fc.constantFrom(...SIGNING_ALGORITHMS), n: fc.nat(3) })
  .map(({ algorithm, n }) => fresh(algorithm, n));
const given = {
  moment: fc.nat(100 * 24).map(moment),
  fresh: fc.array(key, { maxLength: 12 }),
};

/** Any command, with fresh keys or without; few of them, so that they meet. */
export const keyringCommand: fc.Arbitrary<KeyringCommand> = fc.oneof(
  fc.record({
    type: fc.constant("RotateKeys" as const),
    cause: fc.constantFrom("due", "ready", "forced"),
    seen: fc.array(
      key.map(({ kid }) => kid),
      { maxLength: 6 },
    ),
    ...given,
  }),
  fc.record({
    type: fc.constant("MarkCompromised" as const),
    kid: key.map(({ kid }) => kid),
    ...given,
  }),
);
