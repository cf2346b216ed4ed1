import * as Effect from "effect/Effect";
import { storeUnavailable } from "../../adapters/ports/store-unavailable.ts";
import { Database } from "../../adapters/sql/database.ts";
import { type Entry, EVERY_ROW, entriesOf } from "../../adapters/sql/lists.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import type { ProblemAt } from "./check-trail.ts";
import type { Standing } from "./standing.ts";

/** Entries compared in one statement. */
const PAGE = 500;

/** A row that was found to be right. */
export type RightRow = {
  readonly key: string;
  readonly row: JsonObject;
  readonly position: number;
};

/** Whether lists find these rows where they must. One that moved since it was read is let by. */
export const checkFound = Effect.fnUntraced(function* (
  model: ReadModel,
  rows: ReadonlyArray<RightRow>,
  problemAt: ProblemAt,
) {
  const wanted = rows.flatMap((row) =>
    entriesOf(model, row).map((entry) => ({ ...entry, position: row.position })),
  );
  const missing = yield* (yield* Database)
    .query<Entry & { position: number }>(
      `SELECT w.tag, w.sort, w.key, w.position
       FROM unnest($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::BIGINT[]) AS w(tag, sort, key, position)
       JOIN LATERAL (SELECT r.position FROM authledger.${model.name} r
         WHERE r.key = w.key LIMIT 1) r ON r.position = w.position
       LEFT JOIN LATERAL (SELECT TRUE AS there FROM authledger.${model.name}_lists l
         WHERE l.tag = w.tag AND l.sort = w.sort AND l.key = w.key LIMIT 1) l ON TRUE
       WHERE l.there IS NULL`,
      [
        wanted.map(({ tag }) => tag),
        wanted.map(({ sort }) => sort),
        wanted.map(({ key }) => key),
        wanted.map(({ position }) => position),
      ],
    )
    .pipe(Effect.mapError(storeUnavailable));
  for (const { tag, key, position } of missing) {
    const where = tag === EVERY_ROW ? "in its place" : `in its place under "${tag}"`;
    yield* problemAt(position, `lists do not find row "${key}" ${where}`);
  }
});

/** Whether lists find nothing else. `later`: a row that moved on after the ledger was read. */
export const checkNothingElse = Effect.fnUntraced(function* <E, R>(
  { model, fold, position }: Standing,
  problemAt: ProblemAt,
  later: (key: string, position: number) => Effect.Effect<JsonObject | undefined, E, R>,
) {
  let after: Entry = { tag: "", sort: "", key: "" };
  for (;;) {
    const page = yield* (yield* Database)
      .query<Entry & { position: number | null }>(
        `SELECT l.tag, l.sort, l.key, r.position FROM (
           SELECT tag, sort, key FROM authledger.${model.name}_lists
           WHERE (tag, sort, key) > ($1, $2, $3) ORDER BY tag, sort, key LIMIT ${PAGE}) l
         LEFT JOIN LATERAL (SELECT r.position FROM authledger.${model.name} r
           WHERE r.key = l.key LIMIT 1) r ON TRUE
         ORDER BY l.tag, l.sort, l.key`,
        [after.tag, after.sort, after.key],
      )
      .pipe(Effect.mapError(storeUnavailable));
    for (const { tag, sort, key, position: at } of page) {
      if (fold.parked.has(key)) continue;
      const moved = at !== null && at > position;
      const row = moved ? yield* later(key, at) : fold.rows.get(key)?.row;
      const entries = entriesOf(model, { key, row });
      if (entries.some((entry) => entry.tag === tag && entry.sort === sort)) continue;
      yield* problemAt(at ?? position, `lists find row "${key}" under "${tag}", out of place`);
    }
    const last = page[page.length - 1];
    if (page.length < PAGE || last === undefined) return;
    after = last;
  }
});
