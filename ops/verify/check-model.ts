import * as Effect from "effect/Effect";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { StoreUnavailable } from "../../adapters/ports/store-unavailable.ts";
import { rowsAsOf } from "../../adapters/sql/as-of.ts";
import { Database } from "../../adapters/sql/database.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { canonicalJson } from "../../domain/ledger/canonical.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import { checkTrail, type ProblemAt } from "./check-trail.ts";
import type { Problem } from "./problem.ts";
import { diverged, type Standing } from "./standing.ts";

/** Rows compared in one statement. */
const PAGE = 500;

type StoredRow = {
  readonly key: string;
  readonly sort: string;
  readonly tags: ReadonlyArray<string>;
  readonly row: JsonObject | null;
  readonly position: number;
};

type Wanted = { readonly row: JsonObject | undefined; readonly position: number };

/**
 * Holds what is stored of a model against a fresh fold up to where it stands: rows, what lists sort
 * and filter them by, the events that each follows from, snapshots, the digest and the cursor.
 */
export const checkModel = Effect.fnUntraced(function* (
  standing: Standing,
  report: (problem: Problem) => Effect.Effect<void>,
) {
  const { model, fold, position, digest } = standing;
  const { ledger, name } = model;
  let problems = 0;
  const problemAt: ProblemAt = (at, problem) => {
    problems += 1;
    return report({ ledger, position: at, problem: `${name} ${problem}` });
  };
  if (yield* diverged(standing)) {
    yield* problemAt(position, "stands at a record that this history does not have");
  }
  yield* checkRows(standing, problemAt);
  yield* checkTrail(standing, problemAt);
  // One row that is wrong makes the digest wrong: it says something only where all rows are right.
  if (problems === 0 && BigInt(`0x0${digest}`) !== BigInt(`0x${fold.digest()}`)) {
    yield* problemAt(position, "digest is not that of its rows");
  }
});

const checkRows = Effect.fnUntraced(function* (
  { model, fold, position }: Standing,
  problemAt: ProblemAt,
) {
  const { rows, parked } = fold;
  const seen = new Set<string>();
  let after = "";
  for (;;) {
    const page = yield* (yield* Database)
      .query<StoredRow>(
        `SELECT key, sort, tags, row, position FROM authledger.${model.name}
         WHERE key > $1 ORDER BY key LIMIT ${PAGE}`,
        [after],
      )
      .pipe(Effect.mapError((cause) => new StoreUnavailable({ cause })));
    for (const stored of page) {
      seen.add(stored.key);
      if (parked.has(stored.key)) continue;
      const wanted: Wanted | undefined =
        stored.position > position
          ? yield* rowLater(model, stored.key, stored.position)
          : rows.get(stored.key);
      if (agrees(model, stored, wanted)) continue;
      yield* problemAt(stored.position, `row "${stored.key}" is not what its events say`);
    }
    const last = page[page.length - 1];
    if (page.length < PAGE || last === undefined) break;
    after = last.key;
  }
  for (const [key, held] of rows) {
    if (seen.has(key) || parked.has(key)) continue;
    yield* problemAt(held.position, `row "${key}" is missing`);
  }
});

/** A row that moved on after the ledger was read, folded from its own events. */
const rowLater = Effect.fnUntraced(function* (model: ReadModel, key: string, position: number) {
  const ledger = (yield* Ledgers)[model.ledger];
  const [row] = yield* rowsAsOf(yield* Database, ledger, model, { keys: [key], position });
  return row ?? { row: undefined, position };
});

function agrees(model: ReadModel, stored: StoredRow, wanted: Wanted | undefined): boolean {
  const { row, position, sort, tags } = stored;
  if (position !== wanted?.position || textOf(row ?? undefined) !== textOf(wanted.row))
    return false;
  // A row that is gone is a marker that sorts where it was, which no list shows.
  if (row === null) return tags.length === 0;
  const index = model.index(row);
  return index.sort === sort && index.tags.join("\0") === tags.join("\0");
}

function textOf(row: JsonObject | undefined): string | undefined {
  return row && canonicalJson(row as Json);
}
