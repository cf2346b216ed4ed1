import type { z } from "zod";
import { invariant } from "../../domain/invariant.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import type { EventCodec, StoredShape } from "./codec.ts";

/** What an entry's `data` holds of an event. */
type DataOf<Event extends { readonly type: string }, Type extends Event["type"]> = Omit<
  Extract<Event, { readonly type: Type }>,
  "type"
>;

/**
 * One shape per member of the union, each with every member of the data: a missing one does not
 * compile.
 */
export type Shapes<Event extends { readonly type: string }> = {
  readonly [Type in Event["type"]]: {
    readonly data: z.ZodObject &
      z.ZodType<DataOf<Event, Type>> & {
        readonly shape: { readonly [Member in keyof DataOf<Event, Type>]-?: z.ZodType };
      };
    readonly sample: DataOf<Event, Type>;
  };
};

/** The first shape of every type; a second one is added beside it and the first upcast on read. */
const SCHEMA = 1;

/**
 * Makes the codec of one aggregate from a shape per event type.
 *
 * Errors: encoding an event that its own shape refuses is a defect and throws, because a stored
 * event that cannot be decoded would corrupt its stream for ever; decoding never throws.
 */
export function eventCodec<Event extends { readonly type: string }>(
  aggregate: { readonly category: string; readonly ledger: LedgerName },
  shapes: Shapes<Event>,
): EventCodec<Event> {
  const entries: ReadonlyArray<[string, Pick<StoredShape, "data" | "sample">]> =
    Object.entries(shapes);
  const byType = new Map<string, StoredShape>(
    entries.map(([type, { data, sample }]) => [type, { type, schema: SCHEMA, data, sample }]),
  );
  return {
    ...aggregate,
    shapes: [...byType.values()],
    encode: ({ type, ...members }) => {
      const data = Object.fromEntries(
        Object.entries(members).filter(([, value]) => value !== undefined),
      );
      const fits = byType.get(type)?.data.safeParse(data).success === true;
      invariant(fits, `an event that does not fit its shape: ${type}`);
      return { type, schema: SCHEMA, data: data as JsonObject };
    },
    decode: ({ type, schema, data }) => {
      const shape = byType.get(type);
      if (shape === undefined || schema !== shape.schema) return undefined;
      const parsed = shape.data.safeParse(data);
      return parsed.success ? ({ type, ...parsed.data } as unknown as Event) : undefined;
    },
  };
}
