import * as Clock from "effect/Clock";
import * as Data from "effect/Data";
import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import type * as Scope from "effect/Scope";
import * as Stream from "effect/Stream";
import type { JsonObject } from "../../domain/json.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import { Ledgers, START } from "../ports/ledger.ts";
import { type FreshFold, freshFold } from "./fresh-fold.ts";

/** What is read from memory is at most this much older than the ledger. */
export const STALENESS_MS_MAX = 250;
/** How long a reader waits for a confirmation before it is refused. */
const CONFIRM_DEADLINE_MS = 1_000;
const RETRY_INTERVAL = "100 millis";

/** The model cannot tell that it is up to date, so it does not answer: it fails closed. */
export class StaleModel extends Data.TaggedError("StaleModel")<{ readonly model: string }> {
  override get message() {
    return `Cannot read ${this.model} from memory: the ledger's head cannot be confirmed`;
  }
}

export type InMemoryModel = {
  /** A row that held at most STALENESS_MS_MAX ago; a parked key is refused like a stale model. */
  readonly get: (key: string) => Effect.Effect<JsonObject | undefined, StaleModel>;
  /** All rows, under the same bound. */
  readonly rows: Effect.Effect<ReadonlyMap<string, JsonObject>, StaleModel>;
  /** Folded so far. */
  readonly position: () => number;
};

/**
 * A read model as a `Map` in this process, for what is read far more often than it changes: keys,
 * clients, the permission graph. It follows the ledger; past the bound a reader makes it confirm
 * the head first.
 */
export const inMemoryModel = (
  model: ReadModel,
): Effect.Effect<InMemoryModel, never, Ledgers | Scope.Scope> =>
  Effect.gen(function* () {
    const ledger = (yield* Ledgers)[model.ledger];
    let fold: FreshFold = freshFold(model);
    let position = 0;
    let confirmedAt = Number.NEGATIVE_INFINITY;
    let waiters: Array<{ readonly position: number; readonly wake: () => void }> = [];

    const take = (records: Parameters<FreshFold["take"]>[0]) => {
      fold.take(records);
      position = records[records.length - 1]?.position ?? position;
      const due = waiters.filter((waiter) => waiter.position <= position);
      waiters = waiters.filter((waiter) => waiter.position > position);
      for (const { wake } of due) wake();
    };
    const follow = Effect.suspend(() => {
      // From the start again: what was folded may come from a history that is gone.
      fold = freshFold(model);
      position = 0;
      return Stream.runForEach(ledger.follow(START), (records) => Effect.sync(() => take(records)));
    });
    yield* follow.pipe(Effect.retry(Schedule.spaced(RETRY_INTERVAL)), Effect.forkScoped);

    const until = (wanted: number) =>
      Effect.callback<void>((resume) => {
        if (position >= wanted) return resume(Effect.void);
        waiters.push({ position: wanted, wake: () => resume(Effect.void) });
      });
    const confirm = Effect.gen(function* () {
      const asked = yield* Clock.currentTimeMillis;
      const head = yield* ledger.head;
      yield* until(head.position);
      confirmedAt = Math.max(confirmedAt, asked);
    }).pipe(
      Effect.timeout(CONFIRM_DEADLINE_MS),
      Effect.mapError(() => new StaleModel({ model: model.name })),
    );
    const fresh = Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis;
      if (now - confirmedAt > STALENESS_MS_MAX) yield* confirm;
    });
    return {
      get: (key) =>
        Effect.flatMap(fresh, () =>
          fold.parked.has(key)
            ? Effect.fail(new StaleModel({ model: model.name }))
            : Effect.succeed(fold.rows.get(key)?.row),
        ),
      rows: Effect.map(fresh, () => {
        const rows = new Map<string, JsonObject>();
        for (const [key, { row }] of fold.rows) if (row !== undefined) rows.set(key, row);
        return rows;
      }),
      position: () => position,
    };
  });
