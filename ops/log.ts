import * as Cause from "effect/Cause";
import type * as Layer from "effect/Layer";
import * as Logger from "effect/Logger";
import * as References from "effect/References";
import type { Config } from "./config.ts";

/** In order of weight. */
const LEVELS = ["debug", "info", "warn", "error"] as const;
/** A field is a name or a code; what is longer is text, and text may be personal. */
const FIELD_CHARACTERS_MAX = 200;

/**
 * The only fields that are ever logged. Bodies, e-mail addresses, network addresses, cookies,
 * tokens and whole URLs have no name here, so nobody can log them by accident.
 */
const FIELDS = [
  "requestId",
  "method",
  "route",
  "status",
  "durationMs",
  "runtime",
  "version",
  "pid",
  "host",
  "port",
  "url",
  "store",
  "ledger",
  "position",
  "type",
  "projection",
  "events",
  "lag",
  "count",
  "command",
  "clientId",
  "kind",
  "name",
  "code",
  "sqlstate",
  "error",
  "place",
  "signal",
  "attempt",
] as const;

export type LogLevel = (typeof LEVELS)[number];
export type LogField = (typeof FIELDS)[number];
export type LogFields = { readonly [Field in LogField]?: string | number | boolean };

/** Structured lines. The message is a fixed sentence of ours; what varies is a field. */
export type Log = {
  readonly [Level in LogLevel]: (message: string, fields?: LogFields) => void;
};

type Stream = { readonly isTTY?: boolean; readonly write: (text: string) => unknown };

/** Writes JSON lines, or on a terminal readable ones, from `level` upwards. */
export const createLog = (
  level: LogLevel,
  stream: Stream,
  now: () => Date = () => new Date(),
): Log => {
  const least = LEVELS.indexOf(level);
  const format = stream.isTTY === true ? readable : json;
  const at =
    (each: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (LEVELS.indexOf(each) < least) return;
      stream.write(`${format(now(), each, message, allowed(fields))}\n`);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
};

/** Also at run time: types end where a value came from a spread. */
const allowed = (fields: object): LogFields => {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!FIELDS.includes(name as LogField)) continue;
    if (typeof value === "string") kept[name] = value.slice(0, FIELD_CHARACTERS_MAX);
    else if (typeof value === "number" || typeof value === "boolean") kept[name] = value;
  }
  return kept;
};

type Format = (at: Date, level: LogLevel, message: string, fields: LogFields) => string;

const json: Format = (at, level, message, fields) =>
  JSON.stringify({ at: at.toISOString(), level, message, ...fields });

const readable: Format = (at, level, message, fields) => {
  const time = at.toISOString().slice(11, 19);
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return [time, level.padEnd(5), message, ...pairs].join("  ");
};

/**
 * What adapters log by `Effect.log…`, in the same form: the message when it is one text, the
 * annotations that have a name above, and of a failure its tag alone.
 */
export const logLayer = (log: Log, level: Config["logLevel"]): Layer.Layer<never> =>
  Logger.layer([
    Logger.make<unknown, void>(({ message, logLevel, cause, fiber }) => {
      const [first] = Array.isArray(message) ? message : [message];
      const annotations = fiber.getRef(References.CurrentLogAnnotations);
      const failed = cause.reasons[0] === undefined ? {} : { error: tagOf(cause) };
      const text = typeof first === "string" ? first : "Logged without a text";
      log[ours(logLevel, level)](text, { ...allowed(annotations), ...failed });
    }),
  ]);

const ours = (logLevel: string, fallback: LogLevel): LogLevel =>
  LEVELS.find((each) => each === logLevel.toLowerCase()) ??
  (logLevel === "Fatal" ? "error" : logLevel === "Trace" ? "debug" : fallback);

/** The name of what went wrong; its message may quote a value. */
const tagOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause);
  if (typeof error === "object" && error !== null && "_tag" in error) return String(error._tag);
  return error instanceof Error ? error.name : "unknown";
};
