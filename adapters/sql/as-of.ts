import * as Effect from "effect/Effect";
import type { JsonObject } from "../../domain/json.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import { foldRow, type Held, NOT_YET } from "../fold/fold-batch.ts";
import { type Ledger, READ_LIMIT_MAX } from "../ports/ledger.ts";
import type { Row } from "../ports/read-models.ts";
import { StoreUnavailable } from "../ports/store-unavailable.ts";
import type { Database } from "./database.ts";

const failed = (cause: unknown) => new StoreUnavailable({ cause });

/** One row as it was: the newest snapshot before, and the fold of the row's own events since. */
export const rowAsOf = Effect.fnUntraced(function* (
  database: Database["Service"],
  ledger: Ledger,
  model: ReadModel,
  key: string,
  position: number,
): Effect.fn.Return<Row | undefined, StoreUnavailable> {
  const query = <R>(statement: string, parameters: ReadonlyArray<unknown>) =>
    database.query<R>(statement, parameters).pipe(Effect.mapError(failed));
  const [snapshot] = yield* query<{ position: number; row: JsonObject | null }>(
    `SELECT position, row FROM authledger.${model.name}_snapshots
     WHERE key = $1 AND position <= $2 ORDER BY position DESC LIMIT 1`,
    [key, position],
  );
  let held: Held =
    snapshot === undefined
      ? NOT_YET
      : { row: snapshot.row ?? undefined, position: snapshot.position, events: 0 };
  for (;;) {
    const since = yield* query<{ position: number }>(
      `SELECT position FROM authledger.${model.name}_events
       WHERE key = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4`,
      [key, held.position, position, READ_LIMIT_MAX],
    );
    if (since.length === 0) break;
    const records = yield* ledger
      .at(since.map((event) => event.position))
      .pipe(Effect.mapError(failed));
    const last = since[since.length - 1]?.position ?? position;
    held = { ...foldRow(model, key, held, records), position: last };
  }
  return held.row === undefined ? undefined : { key, row: held.row, position: held.position };
});
