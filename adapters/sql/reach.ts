import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import type { Ledger } from "../ports/ledger.ts";
import { NotYet, PastHead } from "../ports/read-models.ts";
import { type StoreUnavailable, storeUnavailable } from "../ports/store-unavailable.ts";
import type { Database } from "./database.ts";
import type { Watermarks } from "./watermarks.ts";

/** A lost notification delays a waiting reader this long at most. */
const LOOK_INTERVAL_MS = 25;

type Wanted = { readonly model: string; readonly position: number; readonly deadlineMs: number };

/**
 * Waits until a model has folded a position: woken by its watermark, at once where this process
 * folds it or hears of it. Whoever waits also looks into the database, all of them together once an
 * interval. A position that the ledger does not have is refused at once.
 */
export function reacher(database: Database["Service"], marks: Watermarks) {
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = Effect.suspend(() => {
    const now = performance.now();
    if (now - lookedAt < LOOK_INTERVAL_MS) return Effect.void;
    lookedAt = now;
    return database
      .query<{ name: string; position: number }>(
        "SELECT name, position FROM authledger.cursors WHERE ledger = 'identity' AND active",
      )
      .pipe(
        Effect.tap((rows) =>
          Effect.sync(() => {
            for (const { name, position } of rows) marks.raise(name, position);
          }),
        ),
        Effect.ignore,
      );
  }).pipe(Effect.delay(LOOK_INTERVAL_MS), Effect.repeat(Schedule.forever));
  return Effect.fnUntraced(function* (
    ledger: Ledger,
    { model, position, deadlineMs }: Wanted,
  ): Effect.fn.Return<void, NotYet | PastHead | StoreUnavailable> {
    if (marks.reached(model) >= position) return;
    if (position > ledger.seen()) {
      const head = yield* Effect.mapError(ledger.head, storeUnavailable);
      if (position > head.position) {
        return yield* new PastHead({ wanted: position, head: head.position });
      }
    }
    yield* marks.until(model, position).pipe(
      Effect.raceFirst(look),
      Effect.timeoutOrElse({
        duration: deadlineMs,
        orElse: () =>
          Effect.suspend(() =>
            Effect.fail(new NotYet({ model, wanted: position, reached: marks.reached(model) })),
          ),
      }),
    );
  });
}
