import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { LedgerName, LedgerRecord } from "../../domain/ledger/entry.ts";

export type Consumer<E, R> = {
  /** Names the cursor; for ever, since a new name begins at the first position. */
  readonly name: string;
  readonly ledger: LedgerName;
  /** Types that concern it; the cursor passes over the others. */
  readonly handles: ReadonlyArray<string>;
  /** Does what the record asks for, idempotently: after a crash it comes again. */
  readonly handle: (record: LedgerRecord) => Effect.Effect<unknown, E, R>;
};

/**
 * Durable followers of a ledger: processes, later mail, webhooks and hooks.
 *
 * Order: by position, one record at a time, at least once, in one process at a time. A record whose
 * handling fails is tried again until it succeeds; nothing is skipped.
 */
export class Consumers extends Context.Service<
  Consumers,
  {
    readonly run: <E extends { readonly _tag: string }, R>(
      consumer: Consumer<E, R>,
    ) => Effect.Effect<never, never, R>;
  }
>()("authledger/adapters/ports/Consumers") {}
