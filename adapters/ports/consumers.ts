import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { LedgerName, LedgerRecord } from "../../domain/ledger/entry.ts";
import type { StoreUnavailable } from "./store-unavailable.ts";

/** What a handling that failed waits for its next try: doubled each time, with jitter. */
export const RETRY_FIRST_MS = 500;
/** A mended cause is noticed within a minute, and a broken one costs a line a minute. */
export const RETRY_MS_MAX = 60_000;

export type Consumer<E, R> = {
  /** Names the cursor; for ever, since a new name begins at the first position. */
  readonly name: string;
  readonly ledger: LedgerName;
  /** Types that concern it; the cursor passes over the others. */
  readonly handles: ReadonlyArray<string>;
  /** Which of those ask for something; the cursor passes over the others too. */
  readonly concerns?: (record: LedgerRecord) => boolean;
  /** Does what the record asks for, idempotently: after a crash it comes again. */
  readonly handle: (record: LedgerRecord) => Effect.Effect<unknown, E, R>;
  /** The same for many in order, where that is faster: whoever catches up may be given them. */
  readonly handleMany?: (records: ReadonlyArray<LedgerRecord>) => Effect.Effect<unknown, E, R>;
};

/** Whether a record asks the consumer to do something. */
export function isConcerned(
  { handles, concerns }: Pick<Consumer<never, never>, "handles" | "concerns">,
  record: LedgerRecord,
): boolean {
  return handles.includes(record.type) && (concerns === undefined || concerns(record));
}

/** Where a consumer stands. Of one that another process runs, as far as that one wrote it down. */
export type ConsumerStatus = {
  readonly name: string;
  readonly ledger: LedgerName;
  /** Handled or passed over up to here. */
  readonly position: number;
  readonly head: number;
  /** Why it stands still, when it does: a name, never a value. */
  readonly problem?: string;
  /** RFC 3339: since when it stands still. */
  readonly since?: string;
  readonly tries?: number;
};

/**
 * Durable followers of a ledger: processes and mail, later webhooks and hooks.
 *
 * Order: by position, one record at a time, at least once, in one process at a time. A record whose
 * handling fails is tried again until it succeeds, ever more slowly; nothing is skipped, and
 * `status` says what stands still.
 */
export class Consumers extends Context.Service<
  Consumers,
  {
    readonly run: <E extends { readonly _tag: string }, R>(
      consumer: Consumer<E, R>,
    ) => Effect.Effect<never, never, R>;
    /** Those that this process was asked to run. */
    readonly status: Effect.Effect<ReadonlyArray<ConsumerStatus>, StoreUnavailable>;
  }
>()("authledger/adapters/ports/Consumers") {}
