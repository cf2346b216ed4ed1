import type { JsonObject } from "../domain/json.ts";
import type { LedgerName } from "../domain/ledger/entry.ts";

/** An event with the facts of its place that a row may show. */
export type Recorded<Event> = Event & {
  readonly position: number;
  /** The id part of the stream name: of `user-7f…`, `7f…`. */
  readonly subject: string;
  /** The category part of the stream name. */
  readonly category: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly actor: string;
};

/** How a row is found in lists: opaque words for equality, one string for order. Never personal. */
export type RowIndex = {
  readonly sort: string;
  readonly tags: ReadonlyArray<string>;
};

/**
 * A read model as a pure fold per row. The runner batches it over a table, a `Map` serves it from
 * memory, and folding up to a position answers "as of"; all three are this one function.
 */
export type Projection<Row extends JsonObject, Event extends { readonly type: string }> = {
  readonly name: string;
  /** Raised when the meaning of a row changes; the runner builds the new one beside the old. */
  readonly version: number;
  readonly ledger: LedgerName;
  /** Gates read it: its rows are on disk before anybody is told that they hold. */
  readonly gates?: true;
  readonly handles: ReadonlyArray<Event["type"]>;
  /** The rows one event touches. Never personal: a key outlives an erasure. */
  readonly keys: (event: Recorded<Event>) => ReadonlyArray<string>;
  /** `undefined` before the first event and after the row is gone. */
  readonly evolve: (row: Row | undefined, event: Recorded<Event>, key: string) => Row | undefined;
  readonly index: (row: Row) => RowIndex;
};
