import { type KeyObject, timingSafeEqual } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type { OwnerId } from "../../domain/sealed.ts";
import { DataKeys } from "../ports/data-keys.ts";
import { Keyring } from "../ports/keyring.ts";
import { Sealer, type SealingKey } from "../ports/sealer.ts";
import type { StoreUnavailable } from "../ports/store-unavailable.ts";
import { vaultAad } from "./aad.ts";
import { sha256 } from "./hash.ts";
import { mintKey, openSealed, sealingKey, unwrapKey } from "./sealing-key.ts";

/** Shared keys kept open: this month's and the next one's while clocks disagree about midnight. */
const SHARED_KEYS_MAX = 2;

/**
 * Seals and opens with data keys from the store. Keys of people are looked up each time and never
 * kept: an erasure acts at once in every process.
 */
export const layer: Layer.Layer<Sealer, never, DataKeys | Keyring> = Layer.effect(
  Sealer,
  Effect.gen(function* () {
    const dataKeys = yield* DataKeys;
    const keyring = yield* Keyring;
    return { ...personal(dataKeys, keyring), ...secrets(keyring) };
  }),
);

function personal(
  dataKeys: DataKeys["Service"],
  keyring: Keyring["Service"],
): Pick<Sealer["Service"], "mint" | "key" | "shared" | "open"> {
  const kept = new Map<OwnerId, SealingKey>();
  const key = Effect.fnUntraced(function* (
    owner: OwnerId,
  ): Effect.fn.Return<SealingKey | undefined, StoreUnavailable> {
    const row = (yield* dataKeys.load([owner]))[0];
    const opened = row === undefined ? undefined : unwrapKey(keyring, row);
    return row === undefined || opened === undefined ? undefined : sealingKey(row, opened);
  });
  const shared = Effect.fnUntraced(function* (
    owner: OwnerId,
  ): Effect.fn.Return<SealingKey | undefined, StoreUnavailable> {
    const before = kept.get(owner);
    if (before !== undefined) return before;
    const row = yield* dataKeys.share(mintKey(keyring, owner).row);
    const opened = row === undefined ? undefined : unwrapKey(keyring, row);
    if (row === undefined || opened === undefined) return undefined;
    const made = sealingKey(row, opened);
    kept.set(owner, made);
    for (const oldest of kept.keys()) {
      if (kept.size <= SHARED_KEYS_MAX) break;
      kept.delete(oldest);
    }
    return made;
  });
  const open: Sealer["Service"]["open"] = Effect.fnUntraced(function* (values, known = []) {
    if (values.length === 0) return [];
    const owners = new Set(values.map(({ sealed }) => sealed.owner));
    for (const { owner } of known) owners.delete(owner);
    const keys = new Map<string, KeyObject>();
    const loaded = owners.size === 0 ? [] : yield* dataKeys.load([...owners]);
    for (const row of [...known, ...loaded]) {
      const opened = unwrapKey(keyring, row);
      if (opened !== undefined) keys.set(`${row.generation}/${row.owner}`, opened);
    }
    return values.map(({ ledger, field, sealed }) => {
      const { owner, generation } = sealed;
      const opened = keys.get(`${generation}/${owner}`);
      if (opened === undefined) return undefined;
      return openSealed(opened, { ledger, owner, generation, field }, sealed);
    });
  });
  return { mint: (owner) => mintKey(keyring, owner), key, shared, open };
}

function secrets(keyring: Keyring["Service"]): Pick<Sealer["Service"], "enclose" | "disclose"> {
  return {
    enclose: ({ ledger, id, kind, owner, plaintext }) => {
      const aad = vaultAad(ledger, { id, kind, owner });
      const { keyVersion, ciphertext } = keyring.wrap("vault", aad, plaintext);
      const digest = Buffer.from(sha256(ciphertext)).toString("hex");
      const row = { id, kind, owner, version: keyVersion, ciphertext };
      return { row, reference: { id, digest } };
    },
    disclose: (ledger, row, reference) => {
      if (row.id !== reference.id) return undefined;
      const digest = sha256(row.ciphertext);
      const wanted = Buffer.from(reference.digest, "hex");
      if (digest.length !== wanted.length || !timingSafeEqual(digest, wanted)) return undefined;
      const { version, ciphertext } = row;
      return keyring.unwrap("vault", vaultAad(ledger, row), { keyVersion: version, ciphertext });
    },
  };
}
