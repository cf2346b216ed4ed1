import type { JsonObject } from "../../domain/json.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import type { Recorded } from "../../projections/projection.ts";
import { decodeAny, subjectOf } from "../codec/catalogue.ts";

/** Events of one key between two snapshots: what "as of" folds at most. */
export const SNAPSHOT_EVERY = 100;

/** A row as the fold holds it; `row` undefined: not yet, or not any more. */
export type Held = {
  readonly row: JsonObject | undefined;
  /** Of the last event of this key. */
  readonly position: number;
  /** How many events this key has had. */
  readonly events: number;
};

export const NOT_YET: Held = { row: undefined, position: 0, events: 0 };

/** A key whose row cannot be known until the program is mended. */
export type ParkedKey = {
  readonly key: string;
  readonly position: number;
  readonly problem: string;
};

/** One event and the rows it touches; of an event that cannot be decoded only what it parks. */
type Happening =
  | {
      readonly event: Recorded<{ readonly type: string }>;
      readonly keys: ReadonlyArray<string>;
    }
  | { readonly event: undefined; readonly parks: ParkedKey };

/** What a batch of records means to one model, before its rows are loaded; in order. */
export type Work = {
  readonly happenings: ReadonlyArray<Happening>;
  /** Each key once. */
  readonly keys: ReadonlyArray<string>;
};

/** Decodes what the model handles. An event that cannot be decoded parks its stream's subject. */
export function workOf(model: ReadModel, records: ReadonlyArray<LedgerRecord>): Work {
  const happenings: Array<Happening> = [];
  const keys = new Set<string>();
  for (const record of records) {
    if (!model.handles.includes(record.type)) continue;
    const event = decoded(record);
    if (event === undefined) {
      const { position, type, schema } = record;
      const problem = `cannot decode ${type} of schema ${schema}`;
      happenings.push({ event, parks: { key: subjectOf(record), position, problem } });
      continue;
    }
    const touched = model.keys(event);
    for (const key of touched) keys.add(key);
    happenings.push({ event, keys: touched });
  }
  return { happenings, keys: [...keys] };
}

export type FoldedBatch = {
  /** Rows after the batch, by key. */
  readonly rows: ReadonlyMap<string, Held>;
  /** Which event touched which key. */
  readonly touched: ReadonlyArray<{ readonly key: string; readonly position: number }>;
  readonly snapshots: ReadonlyArray<{ readonly key: string; readonly held: Held }>;
  readonly parked: ReadonlyArray<ParkedKey>;
};

/**
 * Folds a batch in memory over the rows it touches. A key whose fold throws is parked; the rest
 * moves on. Order: however records are cut into batches, the rows are the same.
 */
export function foldBatch(
  model: ReadModel,
  work: Work,
  loaded: ReadonlyMap<string, Held>,
  isParked: (key: string) => boolean,
): FoldedBatch {
  const rows = new Map<string, Held>();
  const touched: Array<{ key: string; position: number }> = [];
  const snapshots: Array<{ key: string; held: Held }> = [];
  const parked = new Map<string, ParkedKey>();
  const park = (one: ParkedKey) => {
    if (!parked.has(one.key) && !isParked(one.key)) parked.set(one.key, one);
  };
  for (const happening of work.happenings) {
    if (happening.event === undefined) {
      park(happening.parks);
      continue;
    }
    const { event, keys } = happening;
    for (const key of keys) {
      touched.push({ key, position: event.position });
      if (parked.has(key) || isParked(key)) continue;
      const before = rows.get(key) ?? loaded.get(key) ?? NOT_YET;
      // Seen already: a batch that comes again changes nothing.
      if (event.position <= before.position) continue;
      const row = evolved(model, before.row, event, key);
      if (row instanceof Error) {
        park({ key, position: event.position, problem: `cannot fold ${event.type}` });
        continue;
      }
      const held = { row, position: event.position, events: before.events + 1 };
      rows.set(key, held);
      if (held.events % SNAPSHOT_EVERY === 0) snapshots.push({ key, held });
    }
  }
  return { rows, touched, snapshots, parked: [...parked.values()] };
}

/** One row further by its own events; of the others that they touch nothing is known here. */
export function foldRow(
  model: ReadModel,
  key: string,
  held: Held,
  records: ReadonlyArray<LedgerRecord>,
): Held {
  const work = workOf(model, records);
  const happenings = work.happenings.map((happening) =>
    happening.event === undefined ? happening : { ...happening, keys: [key] },
  );
  const loaded = new Map([[key, held]]);
  const { rows } = foldBatch(model, { happenings, keys: [key] }, loaded, () => false);
  return rows.get(key) ?? held;
}

function evolved(
  model: ReadModel,
  row: JsonObject | undefined,
  event: Recorded<{ readonly type: string }>,
  key: string,
): JsonObject | undefined | Error {
  try {
    return model.evolve(row, event, key);
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error("thrown");
  }
}

/** Several models follow one tail: each record is decoded once. */
const decodings = new WeakMap<LedgerRecord, { readonly event: ReturnType<typeof decodeAny> }>();

function decoded(record: LedgerRecord): ReturnType<typeof decodeAny> {
  const before = decodings.get(record);
  if (before !== undefined) return before.event;
  const event = decodeAny(record);
  decodings.set(record, { event });
  return event;
}
