import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import { foldBatch, foldRow, type Held, NOT_YET, workOf } from "../fold/fold-batch.ts";
import type { Row } from "../ports/read-models.ts";

/** The rows of one model and how they came to be. */
export type Folded = {
  readonly model: ReadModel;
  readonly rows: Map<string, Held>;
  /** Records that touched a row, oldest first. */
  readonly touched: Map<string, Array<LedgerRecord>>;
  /** By key, the position whose event could not be folded. */
  readonly parked: Map<string, number>;
};

export function emptyFold(model: ReadModel): Folded {
  return { model, rows: new Map(), touched: new Map(), parked: new Map() };
}

/** Folds one record; an event that fails parks its keys and nothing else. */
export function fold({ model, rows, touched, parked }: Folded, record: LedgerRecord): void {
  const folded = foldBatch(model, workOf(model, [record]), rows, (key) => parked.has(key));
  for (const [key, held] of folded.rows) rows.set(key, held);
  for (const { key, position } of folded.parked) parked.set(key, position);
  for (const { key } of folded.touched) {
    const past = touched.get(key) ?? [];
    touched.set(key, past);
    past.push(record);
  }
}

/** The row as it was at a position: the same fold over the row's own events. */
export function rowAt({ model, touched }: Folded, key: string, at: number): Row | undefined {
  const own = (touched.get(key) ?? []).filter((record) => record.position <= at);
  const { row, position } = foldRow(model, key, NOT_YET, own);
  return row === undefined ? undefined : { key, row, position };
}
