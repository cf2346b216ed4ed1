import * as Effect from "effect/Effect";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { PastHead, ReadModels } from "../../adapters/ports/read-models.ts";
import type { AsOf } from "./call.ts";
import { Problem } from "./problem.ts";

/** What a caller waits at most for a read model; then 503 not_yet, and the write is still safe. */
export const REACH_DEADLINE_MS = 5_000;

/**
 * An append is refused when its clock is more than 2 s from the database's, so a later entry's
 * `at` is at most this much before an earlier one's.
 */
const SKEW_MS_MAX = 4_000;

const POSITION = /^(?:0|[1-9]\d{0,15})$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** A position as a caller writes it; undefined when it is not one. */
export function parsePosition(text: string): number | undefined {
  const position = Number(text);
  return POSITION.test(text) && Number.isSafeInteger(position) ? position : undefined;
}

/**
 * `as_of=N` or `as_of=<RFC 3339>`.
 *
 * Errors: throws `Problem` 400 invalid_field.
 */
export function parseAsOf(text: string): AsOf {
  const position = parsePosition(text);
  if (position !== undefined) return { position };
  if (TIME.test(text) && !Number.isNaN(Date.parse(text))) return { time: text };
  throw new Problem({ status: 400, code: "invalid_field", field: "as_of" });
}

/** Waits until each model has folded the position of identity. */
export const reachAll = (models: ReadonlyArray<string>, position: number) =>
  Effect.gen(function* () {
    const { reach } = yield* ReadModels;
    yield* Effect.forEach(models, (model) => reach(model, position, REACH_DEADLINE_MS), {
      concurrency: "unbounded",
      discard: true,
    });
  });

/**
 * Waits for what a command appended; where it appended nothing, for what it decided on, which the
 * read models may not have yet: a repeat of a request whose answer was lost is answered like it.
 * Answers the position.
 */
export const reachDecided = (models: ReadonlyArray<string>, position: number | undefined) =>
  Effect.gen(function* () {
    const reached = position ?? (yield* (yield* Ledgers).identity.head).position;
    yield* reachAll(models, reached);
    return reached;
  });

/** The position that a reader of the past means; past the head is refused. */
export const resolveAsOf = (asOf: AsOf) =>
  Effect.gen(function* () {
    if ("time" in asOf) return yield* positionAt(Date.parse(asOf.time));
    const { position: head } = yield* (yield* Ledgers).identity.head;
    if (asOf.position > head) return yield* new PastHead({ wanted: asOf.position, head });
    return asOf.position;
  });

/**
 * The last position of identity whose effective time (the running maximum of `at`) is not later.
 *
 * A binary search finds where entries are surely early enough, whatever the clocks did; from there
 * on it is a scan over a few seconds of entries to the first that is later.
 */
export const positionAt = (timeMs: number) =>
  Effect.gen(function* () {
    const { identity } = yield* Ledgers;
    const head = (yield* identity.head).position;
    let [early, late] = [0, head + 1];
    while (late - early > 1) {
      const middle = Math.floor((early + late) / 2);
      const [record] = yield* identity.at([middle]);
      const isEarly = record !== undefined && Date.parse(record.at) <= timeMs - SKEW_MS_MAX;
      if (isEarly) early = middle;
      else late = middle;
    }
    let position = early;
    for (;;) {
      const records = yield* identity.read({ from: position + 1 });
      for (const record of records) {
        if (Date.parse(record.at) > timeMs || record.position > head) return position;
        position = record.position;
      }
      if (records.length === 0) return position;
    }
  });
