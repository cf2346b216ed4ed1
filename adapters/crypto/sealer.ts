import { timingSafeEqual } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import type { OwnerId } from "../../domain/sealed.ts";
import type { VaultReference } from "../../domain/vault-reference.ts";
import { DataKeys } from "../ports/data-keys.ts";
import { Keyring } from "../ports/keyring.ts";
import type { VaultRow } from "../ports/ledger.ts";
import { Sealer, type SealingKey } from "../ports/sealer.ts";
import type { StoreUnavailable } from "../ports/store-unavailable.ts";
import { vaultAad } from "./aad.ts";
import { sha256 } from "./hash.ts";
import { type OpenKey, openKeys } from "./open-keys.ts";
import { recent } from "./recent.ts";
import { mintKey, sealingKey } from "./sealing-key.ts";

/** Shared keys kept open: this month's and the next one's while clocks disagree about midnight. */
const SHARED_KEYS_MAX = 2;

/** What is asked for with every request, and is no more than a digest: sessions. */
const OFTEN_DISCLOSED = "session";
const DISCLOSED_MAX = 4_096;

/**
 * Seals and opens with data keys from the store. Keys of people are looked up each time: an erasure
 * acts at once in every process. Only what unwrapping the row answered is remembered for a while.
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
  const openKey = openKeys(keyring);
  const key = Effect.fnUntraced(function* (
    owner: OwnerId,
  ): Effect.fn.Return<SealingKey | undefined, StoreUnavailable> {
    const row = (yield* dataKeys.load([owner]))[0];
    const opened = row === undefined ? undefined : openKey(row);
    return row === undefined || opened === undefined ? undefined : sealingKey(row, opened.key);
  });
  const shared = Effect.fnUntraced(function* (
    owner: OwnerId,
  ): Effect.fn.Return<SealingKey | undefined, StoreUnavailable> {
    const before = kept.get(owner);
    if (before !== undefined) return before;
    const row = yield* dataKeys.share(mintKey(keyring, owner).row);
    const opened = row === undefined ? undefined : openKey(row);
    if (row === undefined || opened === undefined) return undefined;
    const made = sealingKey(row, opened.key);
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
    const keys = new Map<string, OpenKey>();
    const loaded = owners.size === 0 ? [] : yield* dataKeys.load([...owners]);
    for (const row of [...known, ...loaded]) {
      const opened = openKey(row);
      if (opened !== undefined) keys.set(`${row.generation}/${row.owner}`, opened);
    }
    return values.map(({ ledger, field, sealed }) => {
      const { owner, generation } = sealed;
      return keys.get(`${generation}/${owner}`)?.open(ledger, field, sealed);
    });
  });
  return { mint: (owner) => mintKey(keyring, owner), key, shared, open };
}

function secrets(keyring: Keyring["Service"]): Pick<Sealer["Service"], "enclose" | "disclose"> {
  const often = recent<Disclosed>(DISCLOSED_MAX);
  return {
    enclose: ({ ledger, id, kind, owner, plaintext }) => {
      const aad = vaultAad(ledger, { id, kind, owner });
      const { keyVersion, ciphertext } = keyring.wrap("vault", aad, plaintext);
      const digest = Buffer.from(sha256(ciphertext)).toString("hex");
      const row = { id, kind, owner, version: keyVersion, ciphertext };
      return { row, reference: { id, digest } };
    },
    disclose: (ledger, row, reference) => {
      const before = row.kind === OFTEN_DISCLOSED ? often.get(row.id) : undefined;
      if (before !== undefined && isSame(before, { ledger, row, reference })) {
        return before.plaintext;
      }
      if (row.id !== reference.id) return undefined;
      const digest = sha256(row.ciphertext);
      const wanted = Buffer.from(reference.digest, "hex");
      if (digest.length !== wanted.length || !timingSafeEqual(digest, wanted)) return undefined;
      const { version, ciphertext } = row;
      const aad = vaultAad(ledger, row);
      const plaintext = keyring.unwrap("vault", aad, { keyVersion: version, ciphertext });
      if (plaintext !== undefined && row.kind === OFTEN_DISCLOSED) {
        often.keep(row.id, { ledger, row, reference, plaintext });
      }
      return plaintext;
    },
  };
}

type Asked = {
  readonly ledger: LedgerName;
  readonly row: VaultRow;
  readonly reference: VaultReference;
};
type Disclosed = Asked & { readonly plaintext: Uint8Array };

/** Whether nothing differs of what the answer was made from. */
function isSame({ ledger, row, reference }: Asked, asked: Asked): boolean {
  return (
    ledger === asked.ledger &&
    row.id === asked.row.id &&
    row.kind === asked.row.kind &&
    row.owner === asked.row.owner &&
    row.version === asked.row.version &&
    reference.id === asked.reference.id &&
    reference.digest === asked.reference.digest &&
    Buffer.compare(row.ciphertext, asked.row.ciphertext) === 0
  );
}
