import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import type * as Scope from "effect/Scope";
import * as Stream from "effect/Stream";
import type { LedgerName, LedgerRecord } from "../../domain/ledger/entry.ts";
import {
  type Cursor,
  CursorDiverged,
  type Head,
  LedgerCorrupt,
  type LedgerUnavailable,
  READ_LIMIT_MAX,
} from "../ports/ledger.ts";

/** Records kept for followers that are up with the head: a few megabytes. */
const KEPT_MAX = 4_096;

/** A wake-up can be lost with its connection: look without one this often. */
const POLL_INTERVAL = "1 second";

export type TailSource = {
  readonly name: LedgerName;
  /** Records from a position on, ascending, at most `limit`; READ_LIMIT_MAX by default. */
  readonly page: (
    from: number,
    limit?: number,
  ) => Effect.Effect<ReadonlyArray<LedgerRecord>, LedgerUnavailable | LedgerCorrupt>;
  readonly head: Effect.Effect<Head, LedgerUnavailable>;
};

export type Tail = {
  /** What this process has just appended, in position order. */
  readonly feed: (records: ReadonlyArray<LedgerRecord>) => void;
  /** Somebody appended, up to a position if that is known: look. */
  readonly wake: (position?: number) => void;
  readonly follow: (
    cursor: Cursor,
  ) => Stream.Stream<
    ReadonlyArray<LedgerRecord>,
    LedgerUnavailable | LedgerCorrupt | CursorDiverged
  >;
  /** The last position that this process has seen. */
  readonly seen: () => number;
};

/**
 * The one reader of a ledger's end in this process. Followers that are up with the head share
 * its records; one that is behind reads pages of its own until it is.
 *
 * Order: contiguous, or LedgerCorrupt. It is woken by feeds, by `wake` and by a slow poll.
 */
export const tailOf = (source: TailSource): Effect.Effect<Tail, LedgerUnavailable, Scope.Scope> =>
  Effect.gen(function* () {
    const start = yield* source.head;
    let kept: Array<LedgerRecord> = [];
    let seen = start.position;
    let waiters: Array<() => void> = [];
    let woken = false;
    let reader: (() => void) | undefined;
    /** Why `seen` stands still; every follower that reaches it fails with it. */
    let trouble: LedgerCorrupt | undefined;

    const rouse = () => {
      const woke = waiters;
      waiters = [];
      for (const resume of woke) resume();
    };
    const take = (records: ReadonlyArray<LedgerRecord>) => {
      if (records.length === 0) return;
      trouble = undefined;
      for (const record of records) {
        if (record.position !== seen + 1) continue;
        kept.push(record);
        seen = record.position;
      }
      if (kept.length > 2 * KEPT_MAX) kept = kept.slice(-KEPT_MAX);
      rouse();
    };
    const wake = (position?: number) => {
      // Fed by this process's own flush before its notification came back.
      if (position !== undefined && position <= seen) return;
      woken = true;
      reader?.();
    };
    const feed = (records: ReadonlyArray<LedgerRecord>) => {
      const first = records[0];
      if (first === undefined) return;
      if (first.position > seen + 1) wake();
      else take(records);
    };

    const catchUp = Effect.gen(function* () {
      for (;;) {
        const records = yield* contiguous(source, seen + 1);
        trouble = undefined;
        take(records);
        if (records.length < READ_LIMIT_MAX) return;
      }
    });
    /** What stands before a corrupt record is given out; the record itself never is. */
    const stopBefore = (corrupt: LedgerCorrupt) =>
      Effect.gen(function* () {
        const sound = corrupt.position - seen - 1;
        if (sound > 0) take(yield* contiguous(source, seen + 1, sound));
        trouble = corrupt;
        rouse();
      });
    const sleepUntilWoken = Effect.callback<void>((resume) => {
      if (woken) resume(Effect.void);
      else reader = () => resume(Effect.void);
    }).pipe(Effect.timeoutOption(POLL_INTERVAL));
    // A corrupt record keeps the tail where it is: each poll looks again.
    yield* Effect.gen(function* () {
      yield* sleepUntilWoken;
      reader = undefined;
      woken = false;
      yield* Effect.catchTag(catchUp, "LedgerCorrupt", stopBefore);
    }).pipe(
      Effect.catch(() => Effect.void),
      Effect.repeat(Schedule.forever),
      Effect.forkScoped,
    );

    const changed = (position: number) =>
      Effect.callback<void>((resume) => {
        if (seen > position || trouble !== undefined) return resume(Effect.void);
        const waiter = () => resume(Effect.void);
        waiters.push(waiter);
        return Effect.sync(() => {
          waiters = waiters.filter((other) => other !== waiter);
        });
      });
    const after = (position: number) =>
      Effect.gen(function* () {
        for (;;) {
          while (seen <= position) {
            if (trouble !== undefined) return yield* trouble;
            yield* changed(position);
          }
          const first = kept[0]?.position;
          if (first !== undefined && first <= position + 1) {
            const skip = position + 1 - first;
            const shared = kept.slice(skip, skip + READ_LIMIT_MAX);
            if (shared.length > 0) return shared;
            continue;
          }
          const records = yield* contiguous(source, position + 1);
          if (records.length > 0) return records;
          // The head was seen past this position, so an empty page is a ledger cut short.
          return yield* new LedgerCorrupt({
            ledger: source.name,
            position: position + 1,
            problem: "the record is missing",
          });
        }
      });
    const follow = (cursor: Cursor) =>
      Stream.unwrap(
        checked(source, cursor).pipe(
          Effect.as(
            Stream.unfold(cursor.position, (position) =>
              Effect.map(after(position), (records) => {
                const last = records[records.length - 1]?.position ?? position;
                return [records, last] as const;
              }),
            ),
          ),
        ),
      );
    return { feed, wake, follow, seen: () => seen };
  });

/** Refuses a cursor of another history: a lost tail, a restored backup. */
function checked(source: TailSource, cursor: Cursor) {
  return Effect.gen(function* () {
    if (cursor.position === 0) return;
    const { name } = source;
    const diverged = new CursorDiverged({ ledger: name, position: cursor.position });
    const head = yield* source.head;
    if (head.epoch !== cursor.epoch || head.position < cursor.position) return yield* diverged;
    const [record] = yield* source.page(cursor.position, 1);
    if (record?.position !== cursor.position || record.leaf !== cursor.leaf) return yield* diverged;
  });
}

/** A page without a hole in it or before it. */
function contiguous(source: TailSource, from: number, limit?: number) {
  return Effect.flatMap(source.page(from, limit), (records) => {
    const gap = gapIn(source.name, from, records);
    return gap === undefined ? Effect.succeed(records) : Effect.fail(gap);
  });
}

function gapIn(ledger: LedgerName, from: number, records: ReadonlyArray<LedgerRecord>) {
  const wrong = records.findIndex((record, i) => record.position !== from + i);
  if (wrong < 0) return undefined;
  return new LedgerCorrupt({ ledger, position: from + wrong, problem: "the record is missing" });
}
