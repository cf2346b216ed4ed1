import * as Context from "effect/Context";
import * as Data from "effect/Data";
import type * as Effect from "effect/Effect";
import type { JsonObject } from "../../domain/json.ts";
import type { StoreUnavailable } from "./store-unavailable.ts";

/** The read model did not reach the position in time; the write is safe, ask again. */
export class NotYet extends Data.TaggedError("NotYet")<{
  readonly model: string;
  readonly wanted: number;
  readonly reached: number;
}> {
  override get message() {
    return `Cannot read ${this.model} at position ${this.wanted}: it has reached ${this.reached}`;
  }
}

/** No such position exists yet. */
export class PastHead extends Data.TaggedError("PastHead")<{
  readonly wanted: number;
  readonly head: number;
}> {
  override get message() {
    return `Cannot read at position ${this.wanted}: the ledger ends at ${this.head}`;
  }
}

/** An event of this key could not be folded; the key waits for a fixed program and a rebuild. */
export class Parked extends Data.TaggedError("Parked")<{
  readonly model: string;
  readonly key: string;
  readonly position: number;
}> {
  override get message() {
    return `Cannot read ${this.model} "${this.key}": parked since position ${this.position}`;
  }
}

export type Row<R = JsonObject> = {
  readonly key: string;
  readonly row: R;
  readonly position: number;
};

export type ListQuery = {
  /** Every one must be among the row's tags. */
  readonly tags?: ReadonlyArray<string>;
  readonly limit: number;
  /** Opaque, from a page before. */
  readonly cursor?: string;
};

export type Page<R = JsonObject> = {
  readonly items: ReadonlyArray<Row<R>>;
  readonly nextCursor?: string;
};

export type ModelStatus = {
  readonly model: string;
  readonly version: number;
  /** Ledger position folded so far. */
  readonly position: number;
  readonly head: number;
  readonly parked: number;
  /** Why it stands still, when it does. */
  readonly problem?: string;
  /** Set while version N+1 is built beside N. */
  readonly building?: { readonly version: number; readonly position: number };
};

type Read = StoreUnavailable | Parked;

/** The read models by name (`users`, `accounts`, `sessions`, `roles`, `tuples`). */
export class ReadModels extends Context.Service<
  ReadModels,
  {
    readonly get: (model: string, key: string) => Effect.Effect<Row | undefined, Read>;
    /** Rows of many keys of one model, in no order; absent keys are left out. */
    readonly many: (
      model: string,
      keys: ReadonlyArray<string>,
    ) => Effect.Effect<ReadonlyArray<Row>, Read>;
    /** Ascending by the row's sort string, then key; stable under writes. */
    readonly list: (model: string, query: ListQuery) => Effect.Effect<Page, Read>;
    /** The row as it was at a position: the same fold over the row's own events. */
    readonly asOf: (
      model: string,
      key: string,
      position: number,
    ) => Effect.Effect<Row | undefined, Read>;
    /** Rows of many keys as they were, in no order; keys absent then are left out. */
    readonly manyAsOf: (
      model: string,
      keys: ReadonlyArray<string>,
      position: number,
    ) => Effect.Effect<ReadonlyArray<Row>, Read>;
    /** Positions of the events of one row, newest first, below `before`. */
    readonly history: (
      model: string,
      key: string,
      page: { readonly before?: number; readonly limit: number },
    ) => Effect.Effect<ReadonlyArray<number>, StoreUnavailable>;
    /** Returns once the model has folded `position`; waits at most `deadlineMs`. */
    readonly reach: (
      model: string,
      position: number,
      deadlineMs: number,
    ) => Effect.Effect<void, NotYet | PastHead | StoreUnavailable>;
    readonly status: Effect.Effect<ReadonlyArray<ModelStatus>, StoreUnavailable>;
  }
>()("authledger/adapters/ports/ReadModels") {}
