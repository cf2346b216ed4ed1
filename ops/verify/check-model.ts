import * as Effect from "effect/Effect";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { storeUnavailable } from "../../adapters/ports/store-unavailable.ts";
import { rowsAsOf } from "../../adapters/sql/as-of.ts";
import { Database } from "../../adapters/sql/database.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { canonicalJson } from "../../domain/ledger/canonical.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import { checkFound, checkNothingElse, type RightRow } from "./check-lists.ts";
import { checkTrail, type ProblemAt } from "./check-trail.ts";
import type { Problem } from "./problem.ts";
import { diverged, type Standing } from "./standing.ts";

/** Rows compared in one statement. */
const PAGE = 500;

type StoredRow = {
  readonly key: string;
  readonly row: JsonObject | null;
  readonly position: number;
};

type Wanted = { readonly row: JsonObject | undefined; readonly position: number };

/**
 * Holds what is stored of a model against a fresh fold up to where it stands: rows, where lists
 * find them, the events that each follows from, snapshots, the digest and the cursor.
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
  yield* checkNothingElse(standing, problemAt, (key, at) =>
    Effect.map(rowLater(model, key, at), ({ row }) => row),
  );
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
        `SELECT key, row, position FROM authledger.${model.name}
         WHERE key > $1 ORDER BY key LIMIT ${PAGE}`,
        [after],
      )
      .pipe(Effect.mapError(storeUnavailable));
    const right: Array<RightRow> = [];
    for (const stored of page) {
      seen.add(stored.key);
      if (parked.has(stored.key)) continue;
      const wanted: Wanted | undefined =
        stored.position > position
          ? yield* rowLater(model, stored.key, stored.position)
          : rows.get(stored.key);
      if (agrees(stored, wanted)) {
        const { key, row, position: at } = stored;
        if (row !== null) right.push({ key, row, position: at });
        continue;
      }
      yield* problemAt(stored.position, `row "${stored.key}" is not what its events say`);
    }
    yield* checkFound(model, right, problemAt);
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

function agrees({ row, position }: StoredRow, wanted: Wanted | undefined): boolean {
  return position === wanted?.position && textOf(row ?? undefined) === textOf(wanted.row);
}

function textOf(row: JsonObject | undefined): string | undefined {
  return row && canonicalJson(row as Json);
}
