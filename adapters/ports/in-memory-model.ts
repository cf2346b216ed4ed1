import * as Data from "effect/Data";
import type * as Effect from "effect/Effect";
import type { JsonObject } from "../../domain/json.ts";

/** The model cannot tell that it is up to date, so it does not answer: it fails closed. */
export class StaleModel extends Data.TaggedError("StaleModel")<{ readonly model: string }> {
  override get message() {
    return `Cannot read ${this.model} from memory: the ledger's head cannot be confirmed`;
  }
}

/** Rows that hold now, read without waiting. */
export type FreshRows<Row = JsonObject> = {
  readonly get: (key: string) => Row | undefined;
  readonly all: () => ReadonlyMap<string, Row>;
};

/** A read model as a `Map` in this process. */
export type InMemoryModel<Row = JsonObject> = {
  /** A row that held a moment ago. While anything is parked nothing is answered. */
  readonly get: (key: string) => Effect.Effect<Row | undefined, StaleModel>;
  /** All rows, by key, under the same bounds. */
  readonly rows: Effect.Effect<ReadonlyMap<string, Row>, StaleModel>;
  /**
   * The same without waiting, for what is asked with every request: undefined where the rows could
   * be older than the bound, and then `get` and `rows` find it out or fail. What is asked often is
   * confirmed before its time, so that nobody waits.
   *
   * Shape: `nowMs` by the caller's clock, in milliseconds since 1970.
   */
  readonly fresh: (nowMs: number) => FreshRows<Row> | undefined;
  /** Folded so far. */
  readonly position: () => number;
  /** Returns once this process has folded the position: for who has just appended it. */
  readonly reach: (position: number) => Effect.Effect<void, StaleModel>;
};
