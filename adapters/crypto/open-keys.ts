import type { KeyObject } from "node:crypto";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import type { Sealed } from "../../domain/sealed.ts";
import type { Keyring } from "../ports/keyring.ts";
import type { WrappedDataKey } from "../ports/ledger.ts";
import { recent } from "./recent.ts";
import { openSealed, unwrapKey } from "./sealing-key.ts";

/** Data keys remembered open: people whose requests come again within a minute. */
const KEYS_MAX = 1_024;
/** Values remembered of one key: a profile, and what an event of it repeats. */
const VALUES_MAX = 16;

/** A data key that has been unwrapped. */
export type OpenKey = {
  readonly key: KeyObject;
  /** The plaintext of a value in its place; undefined when any of it is not what was sealed. */
  readonly open: (ledger: LedgerName, field: string, sealed: Sealed) => string | undefined;
};

/**
 * Unwraps data keys that the caller has just read from the store, and remembers the last ones.
 *
 * It is never asked without the row: where a key was destroyed there is none, so an erasure acts at
 * once in every process, whatever is remembered here.
 */
export function openKeys(
  keyring: Keyring["Service"],
): (row: WrappedDataKey) => OpenKey | undefined {
  const kept = recent<{ readonly row: WrappedDataKey; readonly open: OpenKey }>(KEYS_MAX);
  return (row) => {
    const place = `${row.generation}/${row.owner}`;
    const before = kept.get(place);
    if (before !== undefined && isSame(before.row, row)) return before.open;
    const key = unwrapKey(keyring, row);
    if (key === undefined) return undefined;
    const open = openKey(key);
    kept.keep(place, { row, open });
    return open;
  };
}

function isSame(one: WrappedDataKey, other: WrappedDataKey): boolean {
  return one.keyVersion === other.keyVersion && Buffer.compare(one.wrapped, other.wrapped) === 0;
}

function openKey(key: KeyObject): OpenKey {
  const values = recent<string>(VALUES_MAX);
  return {
    key,
    open: (ledger, field, sealed) => {
      const { owner, generation, nonce, ct } = sealed;
      const place = `${ledger}/${generation}/${owner}/${field}/${nonce}/${ct}`;
      const before = values.get(place);
      if (before !== undefined) return before;
      const plaintext = openSealed(key, { ledger, owner, generation, field }, sealed);
      if (plaintext !== undefined) values.keep(place, plaintext);
      return plaintext;
    },
  };
}
