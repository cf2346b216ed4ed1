import type { JsonObject } from "../../domain/json.ts";
import { ocsfEvent } from "./ocsf.ts";

export const FORMATS = ["table", "ndjson", "cloudevents", "ocsf"] as const;
export type Format = (typeof FORMATS)[number];

/** Data longer than this is cut in a table; the other formats print it whole. */
const DATA_CHARACTERS_MAX = 90;
/** `ResourceServerRegistered`, its stream, `operator:appoint-architect`: the longest. */
const TYPE_CHARACTERS = 24;
const STREAM_CHARACTERS = 24;
const ACTOR_CHARACTERS = 26;

/** The lines that print one event view; `first` asks for a heading. */
export function formatted(
  format: Format,
  issuer: string,
): (view: JsonObject, first: boolean) => ReadonlyArray<string> {
  switch (format) {
    case "table":
      return (view, first) => (first ? [heading, row(view)] : [row(view)]);
    case "ndjson":
      return (view) => [JSON.stringify(view)];
    case "cloudevents":
      return (view) => [JSON.stringify(cloudEvent(view, issuer))];
    case "ocsf":
      return (view) => [JSON.stringify(ocsfEvent(view, issuer))];
    default:
      return format satisfies never;
  }
}

const heading = columns("POSITION", "AT", "TYPE", "STREAM", "ACTOR", "DATA");

function row(view: JsonObject): string {
  const data = JSON.stringify(view["data"]);
  const cut = data.length > DATA_CHARACTERS_MAX ? `${data.slice(0, DATA_CHARACTERS_MAX)}…` : data;
  const { position, at, type, stream, actor } = view;
  return columns(String(position), String(at), String(type), short(stream), short(actor), cut);
}

function columns(...cells: readonly [string, string, string, string, string, string]): string {
  const [position, at, type, stream, actor, data] = cells;
  return [
    position.padStart(8),
    at.padEnd(24),
    type.padEnd(TYPE_CHARACTERS),
    stream.padEnd(STREAM_CHARACTERS),
    actor.padEnd(ACTOR_CHARACTERS),
    data,
  ].join("  ");
}

/** Enough of an id to recognise it within one table. */
function short(value: unknown): string {
  return String(value).replace(/([0-9a-f]{8})-[0-9a-f-]{27}/, "$1");
}

/** CloudEvents 1.0, structured JSON, with the attributes that subscribers get over NATS. */
function cloudEvent(view: JsonObject, source: string): JsonObject {
  const { id, type, stream, at, ledger, position, revision, schema, leaf, data } = view;
  return {
    specversion: "1.0",
    id,
    source,
    type: `authledger.${String(type)}`,
    subject: stream,
    time: at,
    datacontenttype: "application/json",
    ledger,
    position,
    revision,
    schemaversion: schema,
    leaf,
    data,
  };
}
