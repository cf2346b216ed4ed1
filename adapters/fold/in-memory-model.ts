import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import type * as Scope from "effect/Scope";
import * as Stream from "effect/Stream";
import type { JsonObject } from "../../domain/json.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import { type InMemoryModel, StaleModel } from "../ports/in-memory-model.ts";
import { type Cursor, type Ledger, Ledgers, START } from "../ports/ledger.ts";
import { ReadModels, type Row } from "../ports/read-models.ts";
import { type FreshFold, freshFold } from "./fresh-fold.ts";

/** What is read from memory is at most this much older than the ledger. */
export const STALENESS_MS_MAX = 250;
/** How long a reader waits for a confirmation before it is refused. */
const CONFIRM_DEADLINE_MS = 1_000;
/** Half of the bound: a confirmation that is asked for now is there before the one before ends. */
const CONFIRM_AHEAD_MS = STALENESS_MS_MAX / 2;
const RETRY_INTERVAL = "100 millis";
/** Rows of the stored model that are read at once. */
const PAGE = 200;

/**
 * A read model as a `Map` in this process, for what is read far more often than it changes: keys,
 * clients, the permission graph. It begins with the stored rows and follows the ledger from there;
 * past the bound a reader makes it confirm the head first.
 */
export const inMemoryModel = (
  model: ReadModel,
): Effect.Effect<InMemoryModel, never, Ledgers | ReadModels | Scope.Scope> =>
  Effect.gen(function* () {
    const ledger = (yield* Ledgers)[model.ledger];
    const stored = yield* ReadModels;
    const scope = yield* Effect.scope;
    const stale = new StaleModel({ model: model.name });
    let fold: FreshFold = freshFold(model);
    // Not begun: an empty ledger is waited for too.
    let position = -1;
    let confirmedAt = Number.NEGATIVE_INFINITY;
    let waiters: Array<{ readonly position: number; readonly wake: () => void }> = [];

    const moveTo = (reached: number) => {
      position = reached;
      const due = waiters.filter((waiter) => waiter.position <= position);
      waiters = waiters.filter((waiter) => waiter.position > position);
      for (const { wake } of due) wake();
    };
    const take = (records: ReadonlyArray<LedgerRecord>) => {
      fold.take(records);
      moveTo(records[records.length - 1]?.position ?? position);
    };
    const follow = Effect.gen(function* () {
      // Anew each time: what was folded may come from a history that is gone.
      const begin = yield* beginning(model, ledger, stored);
      fold = freshFold(model, { rows: begin.rows });
      confirmedAt = Number.NEGATIVE_INFINITY;
      moveTo(begin.cursor.position);
      const records = ledger.follow(begin.cursor);
      yield* Stream.runForEach(records, (batch) => Effect.sync(() => take(batch)));
    });
    yield* follow.pipe(Effect.retry(Schedule.spaced(RETRY_INTERVAL)), Effect.forkScoped);

    const until = (wanted: number) =>
      Effect.callback<void>((resume) => {
        if (position >= wanted) return resume(Effect.void);
        const waiter = { position: wanted, wake: () => resume(Effect.void) };
        waiters.push(waiter);
        return Effect.sync(() => {
          waiters = waiters.filter((other) => other !== waiter);
        });
      });
    const inTime = <A, E>(wait: Effect.Effect<A, E>) =>
      wait.pipe(
        Effect.timeout(CONFIRM_DEADLINE_MS),
        Effect.mapError(() => stale),
      );
    const confirmFrom = (asked: number) =>
      Effect.gen(function* () {
        const head = yield* ledger.head;
        yield* until(head.position);
        confirmedAt = asked;
      });
    // A clock that was set back says nothing about how old the rows are.
    const isWithin = (now: number, ms: number) => now >= confirmedAt && now - confirmedAt <= ms;
    // What could not be read may be about any row: that a key was compromised, say.
    const isReadable = () => fold.parked.size === 0;
    const fresh = Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis;
      if (!isWithin(now, STALENESS_MS_MAX)) yield* inTime(confirmFrom(now));
      if (!isReadable()) return yield* stale;
    });
    let ahead = false;
    const confirmAhead = (now: number) => {
      ahead = true;
      const done = Effect.sync(() => {
        ahead = false;
      });
      // Nobody waits for it; who comes past the bound hears why it failed.
      const work = inTime(confirmFrom(now)).pipe(Effect.ignore, Effect.ensuring(done));
      Effect.runFork(Effect.forkIn(work, scope));
    };
    const rowOf = (key: string) => fold.rows.get(key)?.row;
    const all = () => {
      const rows = new Map<string, JsonObject>();
      for (const [key, { row }] of fold.rows) if (row !== undefined) rows.set(key, row);
      return rows;
    };
    const held = { get: rowOf, all };
    return {
      get: (key) => Effect.map(fresh, () => rowOf(key)),
      rows: Effect.map(fresh, all),
      fresh: (now) => {
        if (!isWithin(now, STALENESS_MS_MAX) || !isReadable()) return undefined;
        if (!ahead && !isWithin(now, CONFIRM_AHEAD_MS)) confirmAhead(now);
        return held;
      },
      position: () => position,
      reach: (wanted) => inTime(until(wanted)),
    };
  });

type Beginning = { readonly rows: ReadonlyArray<Row>; readonly cursor: Cursor };

/**
 * The stored rows, and a cursor that no row is behind: a row that is ahead of it has its own
 * position, before which an event changes nothing. From the first event where this version is not
 * stored yet, and where something is parked: a row that stopped is none to begin with.
 */
const beginning = (model: ReadModel, ledger: Ledger, stored: ReadModels["Service"]) =>
  Effect.gen(function* () {
    const status = (yield* stored.status).find(
      ({ model: name, version }) => name === model.name && version === model.version,
    );
    const [record] = status === undefined ? [] : yield* ledger.at([status.position]);
    const isWhole = status?.parked === 0 && record !== undefined;
    if (!isWhole) return { rows: [], cursor: START } satisfies Beginning;
    const rows: Array<Row> = [];
    let cursor: string | undefined;
    do {
      const page = yield* stored.list(model.name, { limit: PAGE, ...(cursor && { cursor }) });
      rows.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    const { position, leaf } = record;
    const { epoch } = yield* ledger.head;
    return { rows, cursor: { position, leaf, epoch } } satisfies Beginning;
  }).pipe(Effect.catchTag("Parked", () => Effect.succeed<Beginning>({ rows: [], cursor: START })));
