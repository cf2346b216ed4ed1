import { randomUUID } from "node:crypto";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import type { OwnerId } from "../../domain/sealed.ts";
import type { StoredRow } from "../commit/decode-record.ts";
import type { Appended, Claim, ClaimRelease, VaultRow, WrappedDataKey } from "../ports/ledger.ts";

/** One ledger's rows as a database would hold them: real bytes, real MACs. */
export type Table = {
  readonly epoch: string;
  /** The row of position n is at index n - 1. */
  readonly rows: Array<StoredRow & { readonly leaf: string }>;
  /** Positions of each stream's entries; the one of revision r is at index r. */
  readonly streams: Map<string, Array<number>>;
  /** What a request was answered, by the id of its first entry. */
  readonly answered: Map<string, Appended>;
  /** Called once each when rows are added. */
  readonly waiting: Set<() => void>;
};

/** A claim, and until when it waits if its owner gave it back. */
export type KeptClaim = Claim & Pick<ClaimRelease, "quarantinedUntil">;

/** Everything that one append changes at once. */
export type Store = {
  readonly tables: Readonly<Record<LedgerName, Table>>;
  /** By kind and digest. */
  readonly claims: Map<string, KeptClaim>;
  readonly vault: Map<string, VaultRow>;
  readonly dataKeys: Map<OwnerId, WrappedDataKey>;
  /** Owners whose key was destroyed: nothing sealed for them is appended again. */
  readonly tombstones: Set<OwnerId>;
};

export function emptyStore(): Store {
  return {
    tables: { identity: emptyTable(), activity: emptyTable() },
    claims: new Map(),
    vault: new Map(),
    dataKeys: new Map(),
    tombstones: new Set(),
  };
}

function emptyTable(): Table {
  return {
    epoch: randomUUID(),
    rows: [],
    streams: new Map(),
    answered: new Map(),
    waiting: new Set(),
  };
}

/** A kind holds no NUL, so no two claims share a place. */
export function claimPlace({ kind, digest }: Pick<Claim, "kind" | "digest">): string {
  return `${kind}\0${digest}`;
}
