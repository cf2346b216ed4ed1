import * as Data from "effect/Data";
import type * as Effect from "effect/Effect";
import type { JsonObject } from "../../domain/json.ts";

/** The model cannot tell that it is up to date, so it does not answer: it fails closed. */
export class StaleModel extends Data.TaggedError("StaleModel")<{ readonly model: string }> {
  override get message() {
    return `Cannot read ${this.model} from memory: the ledger's head cannot be confirmed`;
  }
}

/** A read model as a `Map` in this process. */
export type InMemoryModel<Row = JsonObject> = {
  /** A row that held a moment ago. While anything is parked nothing is answered. */
  readonly get: (key: string) => Effect.Effect<Row | undefined, StaleModel>;
  /** All rows, by key, under the same bounds. */
  readonly rows: Effect.Effect<ReadonlyMap<string, Row>, StaleModel>;
  /** Folded so far. */
  readonly position: () => number;
  /** Returns once this process has folded the position: for who has just appended it. */
  readonly reach: (position: number) => Effect.Effect<void, StaleModel>;
};
