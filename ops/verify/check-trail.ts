import * as Effect from "effect/Effect";
import { storeUnavailable } from "../../adapters/ports/store-unavailable.ts";
import { Database } from "../../adapters/sql/database.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { Standing } from "./standing.ts";
import { snapshotHash, snapshotName } from "./trail.ts";

/** Tells of a problem with a model; the model's name goes before it. */
export type ProblemAt = (position: number, problem: string) => Effect.Effect<void>;

/** Keys compared in one statement. */
const PAGE = 500;

/**
 * Holds against a fresh fold what answers "as of": which events touched each key, and the
 * snapshots. Two records that changed places show here, although each is intact.
 */
export const checkTrail = Effect.fnUntraced(function* (standing: Standing, problemAt: ProblemAt) {
  yield* checkEvents(standing, problemAt);
  yield* checkSnapshots(standing, problemAt);
});

type StoredTouched = {
  readonly key: string;
  readonly events: number;
  readonly positions: number;
  readonly last: number;
};

const checkEvents = Effect.fnUntraced(function* (
  { model, fold, trail, position }: Standing,
  problemAt: ProblemAt,
) {
  const seen = new Set<string>();
  let after = "";
  for (;;) {
    const page = yield* (yield* Database)
      .query<StoredTouched>(
        `SELECT key, count(*)::INT AS events, sum(position)::BIGINT AS positions,
           max(position) AS last
         FROM authledger.${model.name}_events WHERE key > $1 AND position <= $2
         GROUP BY key ORDER BY key LIMIT ${PAGE}`,
        [after, position],
      )
      .pipe(Effect.mapError(storeUnavailable));
    for (const { key, events, positions, last } of page) {
      seen.add(key);
      const wanted = trail.touched.get(key);
      if (wanted?.events === events && wanted.positions === positions) continue;
      yield* problemAt(last, `row "${key}" is said to follow from other events`);
    }
    const last = page[page.length - 1];
    if (page.length < PAGE || last === undefined) break;
    after = last.key;
  }
  for (const key of trail.touched.keys()) {
    if (seen.has(key)) continue;
    const at = fold.rows.get(key)?.position ?? position;
    yield* problemAt(at, `row "${key}" is said to follow from no event`);
  }
});

type StoredSnapshot = {
  readonly key: string;
  readonly position: number;
  readonly row: JsonObject | null;
};

const checkSnapshots = Effect.fnUntraced(function* (
  { model, fold, trail, position }: Standing,
  problemAt: ProblemAt,
) {
  let after = { key: "", position: 0 };
  for (;;) {
    const page = yield* (yield* Database)
      .query<StoredSnapshot>(
        `SELECT key, position, row FROM authledger.${model.name}_snapshots
         WHERE (key, position) > ($1, $2) AND position <= $3
         ORDER BY key, position LIMIT ${PAGE}`,
        [after.key, after.position, position],
      )
      .pipe(Effect.mapError(storeUnavailable));
    for (const { key, position: at, row } of page) {
      const wanted = trail.snapshots.get(snapshotName(key, at));
      if (wanted === snapshotHash(row ?? undefined) || fold.parked.has(key)) continue;
      yield* problemAt(at, `snapshot of "${key}" is not what its events say`);
    }
    const last = page[page.length - 1];
    if (page.length < PAGE || last === undefined) return;
    after = last;
  }
});
