import * as Effect from "effect/Effect";
import { z } from "zod";
import { sealedIn } from "../../adapters/codec/catalogue.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";

/** An event as the API shows it: personal values opened, or `{erased:true}`. */
export const EventView = z
  .strictObject({
    ledger: z.enum(["identity", "activity"]),
    position: z.int().min(1),
    stream: z.string(),
    revision: z.int().min(0),
    id: z.uuid(),
    type: z.string(),
    schema: z.int().min(1),
    at: z.iso.datetime(),
    actor: z.string(),
    onBehalfOf: z.string().exactOptional(),
    correlation: z.uuid(),
    causation: z.uuid().exactOptional(),
    leaf: z.string().regex(/^[0-9a-f]{64}$/),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ title: "Event" });
export type EventView = z.output<typeof EventView>;

/** Records as somebody sees them, opened with one look-up where they may read what is personal. */
export const viewEvents = (records: ReadonlyArray<LedgerRecord>, opens = true) =>
  Effect.gen(function* () {
    const places = records.flatMap((record, index) =>
      sealedIn(record).map((value) => ({ index, ...value, ledger: record.ledger })),
    );
    const opened = opens ? yield* (yield* Sealer).open(places) : [];
    const closed = opens ? { erased: true as const } : { sealed: true as const };
    return records.map((record, index): JsonObject => {
      const { ledger, position, stream, revision, id, type, schema, at, leaf, meta } = record;
      const data = places.reduce<Json>(
        (shown, place, at) =>
          place.index === index ? replaced(shown, place.path, opened[at] ?? closed) : shown,
        record.data,
      );
      return {
        ledger,
        position,
        stream,
        revision,
        id,
        type,
        schema,
        at,
        actor: meta.actor,
        ...(meta.onBehalfOf === undefined ? {} : { onBehalfOf: meta.onBehalfOf }),
        correlation: meta.correlation,
        ...(meta.causation === undefined ? {} : { causation: meta.causation }),
        leaf,
        data,
      };
    });
  });

/** A copy with the value at the path replaced. */
function replaced(data: Json, path: ReadonlyArray<string>, value: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(data)) {
    return data.map((item: Json, at) => (String(at) === step ? replaced(item, rest, value) : item));
  }
  if (typeof data !== "object" || data === null) return data;
  const object = data as JsonObject;
  return { ...object, [step]: replaced(object[step] ?? null, rest, value) };
}
