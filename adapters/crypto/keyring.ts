import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import * as Data from "effect/Data";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import { invariant } from "../../domain/invariant.ts";
import { Keyring } from "../ports/keyring.ts";
import { type RootKeyPurpose, RootKeys, type WrappedRootKey } from "../ports/root-keys.ts";
import type { StoreUnavailable } from "../ports/store-unavailable.ts";
import { open, seal } from "./aead.ts";
import { labelledHmac } from "./hmac.ts";
import {
  generate,
  PURPOSES,
  type RootKey,
  unwrap,
  type Wrapper,
  wrap,
  wrapperOf,
} from "./root-keys.ts";

/** The configured secrets are not the one that wraps the keys of this ledger. */
export class WrongSecret extends Data.TaggedError("WrongSecret")<{
  /** Names the secret that would open them, 16 hex digits. */
  readonly wanted: string;
}> {
  override get message() {
    const opens = `secret ${this.wanted} wraps them`;
    return `AUTHLEDGER_SECRET does not open the keys of this ledger: ${opens}`;
  }
}

/** The right secret does not open a stored root key: the row was altered or swapped. */
export class RootKeyDamaged extends Data.TaggedError("RootKeyDamaged")<{
  readonly purpose: RootKeyPurpose;
  readonly version: number;
}> {
  override get message() {
    const { purpose, version } = this;
    return `Cannot open root key "${purpose}" version ${version}: its row was altered; restore it`;
  }
}

/** Why a ledger's keys stay closed. */
export type KeyringError = WrongSecret | RootKeyDamaged | StoreUnavailable;

const CLAIM_DOMAIN = "authledger/claim/v1";
const SEARCH_DOMAIN = "authledger/search-term/v1";
const ARTEFACT_DOMAIN = "authledger/artefact/v1";

/**
 * Digests and MACs carry no key version: their key has the first one, for the ledger's whole life.
 */
const DIGEST_KEY_VERSION = 1;

/**
 * Opens the ledger's root keys, making them when there are none; wraps them anew when an older
 * secret of the list wraps them.
 *
 * Shape: secrets of at least 32 bytes, newest first.
 */
export function layer(
  secrets: ReadonlyArray<Redacted.Redacted<Uint8Array>>,
): Layer.Layer<Keyring, KeyringError, RootKeys> {
  return Layer.effect(Keyring, load(secrets));
}

const load = Effect.fnUntraced(function* (
  secrets: ReadonlyArray<Redacted.Redacted<Uint8Array>>,
): Effect.fn.Return<Keyring["Service"], KeyringError, RootKeys> {
  const wrappers = secrets.map((secret) => wrapperOf(Redacted.value(secret)));
  const newest = wrappers[0];
  invariant(newest !== undefined, "a keyring has a secret");
  const store = yield* RootKeys;
  let rows = yield* store.all;
  let keys = yield* openAll(wrappers, rows);
  const missing = PURPOSES.filter((purpose) => !rows.some((row) => row.purpose === purpose));
  if (missing.length > 0) {
    // Another process may found them first: what is stored counts, not what was made here.
    const made = missing.map((purpose) => wrap(newest, generate(purpose, DIGEST_KEY_VERSION)));
    rows = [...rows, ...(yield* store.found(made))];
    keys = yield* openAll(wrappers, rows);
  }
  if (rows.some((row) => row.secretId !== newest.secretId)) {
    yield* store.rewrap(keys.map((key) => wrap(newest, key)));
  }
  return keyringOf(newest.secretId, keys);
});

const openAll = Effect.fnUntraced(function* (
  wrappers: ReadonlyArray<Wrapper>,
  rows: ReadonlyArray<WrappedRootKey>,
): Effect.fn.Return<ReadonlyArray<RootKey>, WrongSecret | RootKeyDamaged> {
  const keys: Array<RootKey> = [];
  for (const row of rows) {
    const wrapper = wrappers.find(({ secretId }) => secretId === row.secretId);
    if (wrapper === undefined) return yield* new WrongSecret({ wanted: row.secretId });
    const key = unwrap(wrapper, row);
    if (key === undefined) {
      return yield* new RootKeyDamaged({ purpose: row.purpose, version: row.version });
    }
    keys.push(key);
  }
  return keys;
});

/** The keyring over open root keys; one of each purpose at least. */
export function keyringOf(secretId: string, keys: ReadonlyArray<RootKey>): Keyring["Service"] {
  const byVersion = new Map<string, KeyObject>();
  const newest = new Map<RootKeyPurpose, number>();
  for (const { purpose, version, bytes } of keys) {
    byVersion.set(`${purpose}/${version}`, createSecretKey(bytes));
    newest.set(purpose, Math.max(version, newest.get(purpose) ?? 0));
  }
  const keyOf = (purpose: RootKeyPurpose, version: number): KeyObject => {
    const key = byVersion.get(`${purpose}/${version}`);
    invariant(key !== undefined, `a keyring has the ${purpose} key of version ${version}`);
    return key;
  };
  const mac = labelledHmac(keyOf("mac", DIGEST_KEY_VERSION).export());
  const indexKey = keyOf("index", DIGEST_KEY_VERSION);
  const artefactKey = keyOf("artefact", DIGEST_KEY_VERSION);
  return {
    secretId,
    mac,
    claimDigest: (kind, value) =>
      createHmac("sha256", indexKey).update(`${CLAIM_DOMAIN}\0${kind}\0${value}`).digest("hex"),
    searchTerm: (term) =>
      createHmac("sha256", indexKey).update(`${SEARCH_DOMAIN}\0${term}`).digest().readBigInt64BE(),
    artefact: (purpose, value) =>
      createHmac("sha256", artefactKey).update(`${ARTEFACT_DOMAIN}\0${purpose}\0${value}`).digest(),
    wrap: (purpose, aad, plaintext) => {
      const keyVersion = newest.get(purpose) ?? DIGEST_KEY_VERSION;
      return { keyVersion, ciphertext: seal(keyOf(purpose, keyVersion), aad, plaintext) };
    },
    unwrap: (purpose, aad, { keyVersion, ciphertext }) => {
      const key = byVersion.get(`${purpose}/${keyVersion}`);
      return key === undefined ? undefined : open(key, aad, ciphertext);
    },
  };
}
