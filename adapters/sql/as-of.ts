import * as Effect from "effect/Effect";
import type { JsonObject } from "../../domain/json.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import { foldRow, type Held, NOT_YET } from "../fold/fold-batch.ts";
import { type Ledger, READ_LIMIT_MAX } from "../ports/ledger.ts";
import type { Row } from "../ports/read-models.ts";
import { type StoreUnavailable, storeUnavailable } from "../ports/store-unavailable.ts";
import type { Database } from "./database.ts";

type Beginning = {
  readonly key: string;
  /** The newest snapshot before; null without one. */
  readonly position: number | null;
  readonly row: JsonObject | null;
  /** Positions of the row's own events since. */
  readonly since: ReadonlyArray<number>;
};

/**
 * Rows as they were: the newest snapshot of each before, and the fold of its own events since. One
 * statement finds both for all keys; the events are read in pages.
 */
export const rowsAsOf = Effect.fnUntraced(function* (
  database: Database["Service"],
  ledger: Ledger,
  model: ReadModel,
  { keys, position }: { readonly keys: ReadonlyArray<string>; readonly position: number },
): Effect.fn.Return<ReadonlyArray<Row>, StoreUnavailable> {
  const found = yield* database
    .query<Beginning>(
      `SELECT k.key, s.position, s.row, ARRAY(
         SELECT e.position FROM authledger.${model.name}_events e
         WHERE e.key = k.key AND e.position > coalesce(s.position, 0) AND e.position <= $2
         ORDER BY e.position) AS since
       FROM unnest($1::TEXT[]) AS k(key)
       LEFT JOIN LATERAL (
         SELECT t.position, t.row FROM authledger.${model.name}_snapshots t
         WHERE t.key = k.key AND t.position <= $2 ORDER BY t.position DESC LIMIT 1) s ON TRUE`,
      [[...new Set(keys)], position],
    )
    .pipe(Effect.mapError(storeUnavailable));
  const wanted = [...new Set(found.flatMap(({ since }) => since))].sort((a, b) => a - b);
  const records = new Map<number, LedgerRecord>();
  for (let from = 0; from < wanted.length; from += READ_LIMIT_MAX) {
    const page = yield* ledger
      .at(wanted.slice(from, from + READ_LIMIT_MAX))
      .pipe(Effect.mapError(storeUnavailable));
    for (const record of page) records.set(record.position, record);
  }
  return found.flatMap(({ key, since, ...snapshot }) => {
    const held: Held =
      snapshot.position === null
        ? NOT_YET
        : { row: snapshot.row ?? undefined, position: snapshot.position, events: 0 };
    const own = since.flatMap((at) => records.get(at) ?? []);
    const { row } = foldRow(model, key, held, own);
    const last = since[since.length - 1] ?? held.position;
    return row === undefined ? [] : [{ key, row, position: last }];
  });
});
