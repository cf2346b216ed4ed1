import type { JsonObject } from "../../domain/json.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import type { Row } from "../ports/read-models.ts";
import { digestAfter, EMPTY_DIGEST } from "./digest.ts";
import { type FoldedBatch, foldBatch, type Held, workOf } from "./fold-batch.ts";

/** A model folded in memory: from the first event, to hold the stored one against, or onwards. */
export type FreshFold = {
  readonly model: ReadModel;
  readonly rows: ReadonlyMap<string, Held>;
  readonly parked: ReadonlySet<string>;
  readonly take: (records: ReadonlyArray<LedgerRecord>) => void;
  readonly digest: () => string;
};

type Beginning = {
  /** What is folded already, as a store gave it out. */
  readonly rows?: ReadonlyArray<Row>;
  /** Sees what each batch made. */
  readonly watch?: (folded: FoldedBatch) => void;
};

export function freshFold(
  model: ReadModel,
  { rows: folded = [], watch = () => {} }: Beginning = {},
): FreshFold {
  // How many events a row has had is for those who keep snapshots of it.
  const held = folded.map(({ key, row, position }) => [key, { row, position, events: 0 }] as const);
  const rows = new Map<string, Held>(held);
  const parked = new Set<string>();
  return {
    model,
    rows,
    parked,
    take: (records) => {
      const folded = foldBatch(model, workOf(model, records), rows, (key) => parked.has(key));
      for (const [key, held] of folded.rows) rows.set(key, held);
      for (const { key } of folded.parked) parked.add(key);
      watch(folded);
    },
    digest: () => digestAfter(EMPTY_DIGEST, changes(rows)),
  };
}

function* changes(rows: ReadonlyMap<string, Held>): Generator<{
  readonly key: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}> {
  for (const [key, { row }] of rows) yield { key, before: undefined, after: row };
}
