import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Schedule from "effect/Schedule";
import type * as Scope from "effect/Scope";
import type { LedgerName, LedgerRecord } from "../../domain/ledger/entry.ts";
import { appendMeter } from "../commit/append-metrics.ts";
import { appendTracing } from "../commit/append-tracing.ts";
import { groupCommit, type Outcome } from "../commit/group-commit.ts";
import { stamp, tooLarge } from "../commit/stamp.ts";
import { tailOf } from "../commit/tail.ts";
import { Keyring } from "../ports/keyring.ts";
import {
  type Append,
  type Appended,
  type Ledger,
  Ledgers,
  LedgerUnavailable,
} from "../ports/ledger.ts";
import { Traced } from "../ports/traced.ts";
import { appendBatch, type Prepared, type Result } from "./append.ts";
import { Database, type DatabaseError } from "./database.ts";
import { readerOf } from "./records.ts";

/** A restarting database is waited for this long; then the callers hear that it is not known. */
const UNREACHABLE_RETRY = Schedule.jittered(Schedule.spaced("250 millis")).pipe(
  Schedule.upTo({ duration: "10 seconds" }),
);

/** A flush that waited for others is stamped again; a clock that is wrong stays wrong. */
const SKEWED_RETRIES_MAX = 3;

/** Both ledgers in one database, PGlite or Postgres. The database is migrated already. */
export const layer: Layer.Layer<Ledgers, LedgerUnavailable, Database | Keyring> = Layer.effect(
  Ledgers,
  Effect.gen(function* () {
    const identity = yield* open("identity");
    const activity = yield* open("activity");
    const database = yield* Database;
    const wake = (payload: string) => {
      const [name, text] = payload.split(":");
      // Without a payload the connection is new: what was notified meanwhile is not known.
      const position = text === undefined ? undefined : Number(text);
      if (name !== "activity") identity.wake(position);
      if (name !== "identity") activity.wake(position);
    };
    yield* database
      .listen("authledger", wake)
      .pipe(Effect.mapError((cause) => new LedgerUnavailable({ cause })));
    return { identity: identity.ledger, activity: activity.ledger };
  }),
);

const open = Effect.fnUntraced(function* (
  name: LedgerName,
): Effect.fn.Return<
  { ledger: Ledger; wake: (position?: number) => void },
  LedgerUnavailable,
  Database | Keyring | Scope.Scope
> {
  const database = yield* Database;
  const keyring = yield* Keyring;
  const reader = readerOf(database, keyring, name);
  const page = (from: number, limit?: number) =>
    reader.read(limit === undefined ? { from } : { from, limit });
  const tail = yield* tailOf({ name, page, head: reader.head });

  /** The notification of a flush often comes before its answer: it must not be read again. */
  let flushing = false;
  let notified: number | undefined;
  const wake = (position?: number) => {
    if (flushing && position !== undefined) notified = position;
    else tail.wake(position);
  };
  const send = (batch: ReadonlyArray<Append>) =>
    Effect.gen(function* () {
      const atMs = yield* Clock.currentTimeMillis;
      const at = new Date(atMs).toISOString();
      const prepared = batch.map((request) => ({
        request,
        stamped: stamp(keyring, name, request, at),
      }));
      flushing = true;
      const results = yield* appendBatch(database, name, atMs, prepared);
      tail.feed(recordsOf(prepared, results));
      const waitedMs = (yield* Clock.currentTimeMillis) - atMs;
      return { results, late: results.some((result) => isLate(result, waitedMs)) };
    });
  const flushOnce = (batch: ReadonlyArray<Append>) =>
    Effect.gen(function* () {
      for (let retries = 0; ; retries++) {
        const { results, late } = yield* send(batch);
        if (!late || retries === SKEWED_RETRIES_MAX) return results;
      }
    }).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          flushing = false;
          if (notified !== undefined) tail.wake(notified);
          notified = undefined;
        }),
      ),
    );
  /** One flush has waited in vain: those behind it try once, or each would wait as long again. */
  let away = false;
  const noteAway = (is: boolean) =>
    Effect.sync(() => {
      away = is;
    });
  const around = appendTracing(name, yield* Traced);
  const flush = (batch: ReadonlyArray<Append>): Effect.Effect<ReadonlyArray<Outcome>> =>
    around.flush(batch, flushOnce(batch)).pipe(
      // The connection broke: sent again, what was applied answers its original place.
      Effect.retry({ while: (error) => error.unreachable && !away, schedule: UNREACHABLE_RETRY }),
      Effect.tapError((error) => noteAway(error.unreachable)),
      Effect.tap(() => noteAway(false)),
      Effect.catch((error) => bisect(batch, error, flush)),
    );
  const commit = yield* groupCommit(flush, appendMeter(name, yield* Effect.context<never>()));

  const append = Effect.fnUntraced(function* (request: Append) {
    const large = tooLarge(name, request);
    if (large !== undefined) return yield* large;
    return yield* around.append(request, commit.append(request));
  });
  const { read, at, head } = reader;
  const { follow, seen } = tail;
  return { ledger: { name, append, read, at, head, follow, seen }, wake };
});

/** Refused because its stamps had grown old on the way, not because the clock is wrong. */
function isLate(result: Result, waitedMs: number): boolean {
  if (!("refused" in result) || result.refused._tag !== "ClockSkewed") return false;
  return result.refused.skewMs < 0 && -result.refused.skewMs <= waitedMs;
}

/**
 * A batch that the database refused as a whole holds a defect: find it, and let the others pass.
 */
function bisect(
  batch: ReadonlyArray<Append>,
  error: DatabaseError,
  flush: (half: ReadonlyArray<Append>) => Effect.Effect<ReadonlyArray<Outcome>>,
): Effect.Effect<ReadonlyArray<Outcome>> {
  if (error.unreachable || batch.length === 1) {
    const refused = new LedgerUnavailable({ cause: error });
    return Effect.succeed(batch.map(() => ({ refused })));
  }
  const middle = batch.length >> 1;
  return Effect.zipWith(
    flush(batch.slice(0, middle)),
    flush(batch.slice(middle)),
    (first, second) => [...first, ...second],
  );
}

/** What this flush added, in position order, without reading it back. */
function recordsOf(
  prepared: ReadonlyArray<Prepared>,
  results: ReadonlyArray<Result>,
): ReadonlyArray<LedgerRecord> {
  return prepared.flatMap(({ stamped }, i) => {
    const result = results[i];
    if (result === undefined || !("appended" in result) || result.appended.repeated) return [];
    return stamped.map(({ entry, leaf }, k) =>
      placed(entry, leaf, result.appended, stamped.length - 1 - k),
    );
  });
}

function placed(
  entry: Prepared["stamped"][number]["entry"],
  leaf: Uint8Array,
  last: Appended,
  back: number,
): LedgerRecord {
  return {
    ...entry,
    position: last.position - back,
    revision: last.revision - back,
    leaf: Buffer.from(leaf).toString("hex"),
  };
}
