import * as Context from "effect/Context";
import * as Data from "effect/Data";
import type * as Effect from "effect/Effect";
import type * as Stream from "effect/Stream";
import type { Draft, LedgerName, LedgerRecord, Meta } from "../../domain/ledger/entry.ts";
import type { OwnerId } from "../../domain/sealed.ts";

/** The stream moved since it was read: read again and decide again. `actual` -1 means no stream. */
export class RevisionConflict extends Data.TaggedError("RevisionConflict")<{
  readonly stream: string;
  readonly expected: Expect;
  readonly actual: number;
}> {
  override get message() {
    const wanted =
      typeof this.expected === "object" ? `revision ${this.expected.exact}` : this.expected;
    const found = this.actual < 0 ? "no stream" : `revision ${this.actual}`;
    return `Cannot append to stream "${this.stream}": expected ${wanted}, found ${found}`;
  }
}

/** Another owner holds the claim; nothing was appended. */
export class ClaimTaken extends Data.TaggedError("ClaimTaken")<{ readonly kind: string }> {
  override get message() {
    return `Cannot claim ${this.kind}: another owner holds it`;
  }
}

/** A value was sealed for an owner whose data key has been destroyed; nothing was appended. */
export class OwnerDestroyed extends Data.TaggedError("OwnerDestroyed")<{ readonly owner: string }> {
  override get message() {
    return `Cannot append values sealed for "${this.owner}": its data key was destroyed`;
  }
}

/** One entry is past ENTRY_BYTES_MAX; refused before queueing. */
export class EntryTooLarge extends Data.TaggedError("EntryTooLarge")<{
  readonly type: string;
  readonly bytes: number;
}> {
  override get message() {
    return `Cannot append ${this.type}: ${this.bytes} bytes, at most 65535`;
  }
}

/** The append queue is full; nothing was appended and a later try may pass. */
export class LedgerBusy extends Data.TaggedError("LedgerBusy")<{ readonly retryAfterMs: number }> {
  override get message() {
    return `Cannot append: the queue is full, retry after ${this.retryAfterMs} ms`;
  }
}

/** The process clock is too far from the database clock; nothing was appended. */
export class ClockSkewed extends Data.TaggedError("ClockSkewed")<{ readonly skewMs: number }> {
  override get message() {
    return `Cannot append: this clock is ${this.skewMs} ms from the database clock, at most 2000`;
  }
}

/** The store cannot be reached or answered too late; whether it appended is not known. */
export class LedgerUnavailable extends Data.TaggedError("LedgerUnavailable")<{
  readonly cause: unknown;
}> {
  override get message() {
    return "Cannot reach the ledger";
  }
}

/** Stored bytes that this program did not write: a gap, a wrong MAC, an index column that lies. */
export class LedgerCorrupt extends Data.TaggedError("LedgerCorrupt")<{
  readonly ledger: LedgerName;
  readonly position: number;
  readonly problem: string;
}> {
  override get message() {
    return `Corrupt ${this.ledger} ledger at position ${this.position}: ${this.problem}`;
  }
}

/**
 * The ledger at a cursor's position is not the one the cursor was taken from (a lost tail, a
 * restore).
 */
export class CursorDiverged extends Data.TaggedError("CursorDiverged")<{
  readonly ledger: LedgerName;
  readonly position: number;
}> {
  override get message() {
    return `Cannot resume ${this.ledger} at position ${this.position}: another history is there`;
  }
}

export type AppendError =
  | RevisionConflict
  | ClaimTaken
  | OwnerDestroyed
  | EntryTooLarge
  | LedgerBusy
  | ClockSkewed
  | LedgerUnavailable;

/** What the stream must be like: at this revision, absent, present, or anything. */
export type Expect = { readonly exact: number } | "none" | "exists" | "any";

/** A uniqueness claim: `digest` is HMAC-SHA-256 under the index key, lower-case hex. */
export type Claim = { readonly kind: string; readonly digest: string; readonly owner: string };

/**
 * Gives back whatever this owner holds of this kind: for anybody at once, or, in quarantine, for
 * nobody but the owner before `quarantinedUntil` (RFC 3339, by the database's clock).
 */
export type ClaimRelease = {
  readonly kind: string;
  readonly owner: string;
  readonly quarantinedUntil?: string;
};

/** A sealed secret; `ciphertext` is nonce ‖ ct ‖ tag, and an event names its SHA-256. */
export type VaultRow = {
  readonly id: string;
  readonly kind: string;
  readonly owner: string;
  readonly version: number;
  readonly ciphertext: Uint8Array;
};

/** A data key wrapped under the data-key encryption key of `keyVersion`. */
export type WrappedDataKey = {
  readonly owner: OwnerId;
  readonly generation: number;
  readonly keyVersion: number;
  readonly wrapped: Uint8Array;
};

export type Append = {
  /** Names this request: the same id again appends nothing and answers the same positions. */
  readonly requestId: string;
  readonly stream: string;
  readonly expect: Expect;
  /** At least one. */
  readonly entries: ReadonlyArray<Draft>;
  readonly meta: Meta;
  readonly claims?: {
    readonly take?: ReadonlyArray<Claim>;
    readonly release?: ReadonlyArray<ClaimRelease>;
  };
  readonly vault?: {
    readonly put?: ReadonlyArray<VaultRow>;
    readonly remove?: ReadonlyArray<string>;
  };
  /** Keys are created with the entries they seal and destroyed with the event that erases. */
  readonly dataKeys?: {
    readonly create?: ReadonlyArray<WrappedDataKey>;
    readonly destroy?: ReadonlyArray<OwnerId>;
    /**
     * Owners whose key must not have been destroyed: of two appends in different streams that each
     * require and destroy the same one, exactly one passes.
     */
    readonly require?: ReadonlyArray<OwnerId>;
  };
};

export type Appended = {
  /** Of the request's last entry. */
  readonly position: number;
  readonly revision: number;
  /** The request had been applied before; these are its original places. */
  readonly repeated: boolean;
};

export type Head = {
  /** 0 when empty. */
  readonly position: number;
  /** Of the last entry, hex; empty when there is none. */
  readonly leaf: string;
  /** A UUID that changes when a restore begins another history. */
  readonly epoch: string;
};

/** Where a follower stands: after `position`, in the history that has `leaf` there. */
export type Cursor = Head;
export const START: Cursor = { position: 0, leaf: "", epoch: "" };

export type ReadQuery = {
  /** One stream, or the whole ledger. */
  readonly stream?: string;
  /**
   * First position (or with `stream`, first revision), inclusive. Default: the first forwards, the
   * last backwards.
   */
  readonly from?: number;
  readonly direction?: "forwards" | "backwards";
  /** At most READ_LIMIT_MAX, which is also the default. */
  readonly limit?: number;
};

/** Records a read answers at most: one PGlite statement must not hold the event loop for long. */
export const READ_LIMIT_MAX = 500;

/**
 * One append-only ledger.
 *
 * Order: positions are gap-free and follow commit order; every reader sees a prefix and takes no
 * lock. Atomicity: one append is all or nothing, claims, vault and data keys included.
 * Idempotency: by `requestId`. Every record read was checked against its MAC and index columns.
 * Ownership: the layer finishes what is queued and closes its connections.
 */
export type Ledger = {
  readonly name: LedgerName;
  readonly append: (request: Append) => Effect.Effect<Appended, AppendError>;
  readonly read: (
    query: ReadQuery,
  ) => Effect.Effect<ReadonlyArray<LedgerRecord>, LedgerUnavailable | LedgerCorrupt>;
  /** Records at these positions, ascending; a position past the head is left out. */
  readonly at: (
    positions: ReadonlyArray<number>,
  ) => Effect.Effect<ReadonlyArray<LedgerRecord>, LedgerUnavailable | LedgerCorrupt>;
  /** From after the cursor, for ever; batches in order, nothing missed, nothing twice. */
  readonly follow: (
    cursor: Cursor,
  ) => Stream.Stream<
    ReadonlyArray<LedgerRecord>,
    LedgerUnavailable | LedgerCorrupt | CursorDiverged
  >;
  readonly head: Effect.Effect<Head, LedgerUnavailable>;
  /** The last position that this process knows of: the head is this or a later one. */
  readonly seen: () => number;
};

/** Both ledgers of this installation. */
export class Ledgers extends Context.Service<Ledgers, { readonly [name in LedgerName]: Ledger }>()(
  "authledger/adapters/ports/Ledgers",
) {}
