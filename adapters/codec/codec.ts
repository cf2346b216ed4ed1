import type { z } from "zod";
import type { Draft, LedgerName, LedgerRecord } from "../../domain/ledger/entry.ts";
import type { Recorded } from "../../projections/projection.ts";

/** One stored shape of one event type: how its data is parsed and what it looks like. */
export type StoredShape = {
  readonly type: string;
  /** Version of this shape, from 1; entries name it as `schema`. */
  readonly schema: number;
  readonly data: z.ZodObject;
  /** Data of a valid event, for the catalogue and its test. */
  readonly sample: Readonly<Record<string, unknown>>;
};

/** Event ↔ entry data for one aggregate. */
export type EventCodec<Event extends { readonly type: string }> = {
  readonly category: string;
  readonly ledger: LedgerName;
  readonly shapes: ReadonlyArray<StoredShape>;
  readonly encode: (event: Event) => Draft;
  /** Undefined when the data is not what the shape says or the type is not of this category. */
  readonly decode: (record: Pick<LedgerRecord, "type" | "schema" | "data">) => Event | undefined;
};

/**
 * Adds the facts of the record's place that folds may use. `category` is the codec's, if it has a
 * dash.
 */
export function recorded<Event extends { readonly type: string }>(
  event: Event,
  record: LedgerRecord,
  category: string = record.stream.slice(0, record.stream.indexOf("-")),
): Recorded<Event> {
  return {
    ...event,
    position: record.position,
    category,
    subject: record.stream.slice(category.length + 1),
    at: record.at,
    actor: record.meta.actor,
  };
}
