import * as Data from "effect/Data";
import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import * as Semaphore from "effect/Semaphore";
import * as Stream from "effect/Stream";
import type { LedgerName, LedgerRecord } from "../../domain/ledger/entry.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import {
  CursorDiverged,
  type Ledger,
  type LedgerCorrupt,
  Ledgers,
  type LedgerUnavailable,
} from "../ports/ledger.ts";
import { advance, type Folding } from "./advance.ts";
import { type Build, buildOf, COLUMNS, createBuild } from "./builds.ts";
import { Database, type DatabaseError } from "./database.ts";
import { type RebuildError, rebuild } from "./rebuild.ts";
import type { Watermarks } from "./watermarks.ts";

/** Cursors that only passed over events of other models are written down this often. */
const IDLE_CURSOR_INTERVAL = "100 millis";
/** … or when they have passed over this many, so that a restart reads little again. */
const IDLE_EVENTS_MAX = 1_000;
const RETRY_INTERVAL = "500 millis";

/** A model further behind the others than this is built beside them: they do not wait for it. */
const BEHIND_EVENTS_MAX = 10_000;

/** After trouble that may be one model's alone, each runs by itself for so long. */
const APART_FOR = "1 minute";

/** Another holder of the lease writes these models now. */
class Fenced extends Data.TaggedError("Fenced")<{ readonly ledger: LedgerName }> {}

type RunError =
  | Fenced
  | RebuildError
  | DatabaseError
  | LedgerUnavailable
  | LedgerCorrupt
  | CursorDiverged;

export type RunnerOptions = {
  readonly token: number;
  readonly marks: Watermarks;
  /** Tells other processes how far a model has come. */
  readonly announce: (model: string, position: number) => void;
  /** Told why a model stands still; undefined when it moves again. */
  readonly onProblem: (model: string, problem: string | undefined) => void;
};

/** Models of one ledger. */
export type Models = {
  readonly ledger: LedgerName;
  readonly models: ReadonlyArray<ReadModel>;
};

/**
 * Follows a ledger into the active builds of its models, together, for as long as the token is the
 * newest. What fails is tried again from the cursors that are stored; nothing is skipped.
 */
export const runModels = (
  all: Models,
  options: RunnerOptions,
): Effect.Effect<never, Fenced, Database | Ledgers> =>
  followOnce(all, options).pipe(
    Effect.catch((error) =>
      all.models.length > 1 && mayBeOneModels(error) ? apart(all, options) : Effect.fail(error),
    ),
    Effect.tapError((error) =>
      Effect.sync(() => {
        for (const { name } of all.models) options.onProblem(name, error.message);
      }),
    ),
    Effect.retry({
      while: (error: RunError) => error._tag !== "Fenced",
      schedule: Schedule.spaced(RETRY_INTERVAL),
    }),
    Effect.catch((error) => (error._tag === "Fenced" ? Effect.fail(error) : Effect.never)),
    Effect.repeat(Schedule.forever),
    Effect.andThen(Effect.never),
  );

/** A row that the database refuses, or a cursor of another history: the others can go on. */
function mayBeOneModels(error: RunError): boolean {
  if (error._tag === "DatabaseError") return !error.unreachable;
  return error._tag === "CursorDiverged";
}

const apart = (
  { ledger, models }: Models,
  options: RunnerOptions,
): Effect.Effect<void, Fenced, Database | Ledgers> =>
  Effect.forEach(models, (model) => runModels({ ledger, models: [model] }, options), {
    concurrency: "unbounded",
    discard: true,
  }).pipe(Effect.timeoutOption(APART_FOR), Effect.asVoid);

/** Ends when a build is not the active one any more: a rebuild was switched in. */
const followOnce = Effect.fnUntraced(function* (
  { ledger, models }: Models,
  options: RunnerOptions,
): Effect.fn.Return<void, RunError, Database | Ledgers> {
  const foldings = yield* takeOver({ ledger, models }, options.token);
  const first = Math.max(...foldings.map(({ build }) => build.cursor.position));
  // Another program's rows, or hardly any: readers keep them until this program's are ready.
  const beside = foldings.filter(
    ({ model, build }) =>
      build.version !== model.version || first - build.cursor.position > BEHIND_EVENTS_MAX,
  );
  const rebuilding = Effect.forEach(beside, ({ model }) => rebuild(model, () => {}), {
    concurrency: "unbounded",
    discard: true,
  });
  const rest = foldings.filter((folding) => !beside.includes(folding));
  if (beside.length === 0) return yield* follow(ledger, foldings, options);
  if (rest.length === 0) return yield* rebuilding;
  yield* Effect.raceFirst(follow(ledger, rest, options), rebuilding);
});

const follow = Effect.fnUntraced(function* (
  name: LedgerName,
  start: ReadonlyArray<Folding>,
  { token, marks, announce, onProblem }: RunnerOptions,
): Effect.fn.Return<void, RunError, Database | Ledgers> {
  const database = yield* Database;
  const ledger = (yield* Ledgers)[name];
  const { epoch } = yield* ledger.head;
  let foldings = start;
  let passed: LedgerRecord | undefined;
  const one = yield* Semaphore.make(1);
  for (const { model, build } of foldings) {
    const { position } = build.cursor;
    if (position < marks.reached(model.name)) marks.reset(model.name, position);
    marks.raise(model.name, position);
  }
  const { cursor } = yield* rearmost(ledger, epoch, foldings);

  const write = Effect.fnUntraced(function* (
    records: ReadonlyArray<LedgerRecord>,
    relaxed: boolean,
  ) {
    const advanced = yield* advance(database, foldings, { records, epoch, relaxed });
    if (advanced === undefined) return yield* new Fenced({ ledger: name });
    foldings = advanced;
    passed = undefined;
  });
  const fold = Effect.fnUntraced(function* (records: ReadonlyArray<LedgerRecord>) {
    const last = records[records.length - 1];
    if (last === undefined) return;
    const concerned = foldings.filter(({ model }) =>
      records.some(({ type }) => model.handles.includes(type)),
    );
    const idle = last.position - Math.min(...foldings.map(({ build }) => build.cursor.position));
    if (concerned.length > 0 || idle > IDLE_EVENTS_MAX) {
      yield* write(records, !concerned.some(({ model }) => model.gates));
    } else passed = last;
    for (const { model } of foldings) {
      onProblem(model.name, undefined);
      marks.raise(model.name, last.position);
      announce(model.name, last.position);
    }
  });
  const noteIdle = Effect.suspend(() =>
    passed === undefined ? Effect.void : write([passed], true),
  );
  yield* Stream.runForEach(ledger.follow(cursor), (records) =>
    one.withPermits(1)(fold(records)),
  ).pipe(
    Effect.raceFirst(
      one
        .withPermits(1)(noteIdle)
        .pipe(Effect.repeat(Schedule.spaced(IDLE_CURSOR_INTERVAL))),
    ),
    Effect.catchTag("Fenced", (fenced) => stillMine(database, foldings, { token, fenced })),
  );
});

/** The build that is least far; `follow` compares its cursor with the ledger, this the others. */
const rearmost = Effect.fnUntraced(function* (
  ledger: Ledger,
  epoch: string,
  foldings: ReadonlyArray<Folding>,
): Effect.fn.Return<Build, LedgerUnavailable | LedgerCorrupt | CursorDiverged> {
  const [last, ...others] = foldings
    .map(({ build }) => build)
    .toSorted((a, b) => a.cursor.position - b.cursor.position) as [Build, ...Array<Build>];
  for (const { cursor } of others) {
    if (cursor.position === last.cursor.position && cursor.leaf === last.cursor.leaf) continue;
    const [record] = yield* ledger.at([cursor.position]);
    if (record?.leaf === cursor.leaf && cursor.epoch === epoch) continue;
    return yield* new CursorDiverged({ ledger: ledger.name, position: cursor.position });
  }
  return last;
});

/** Fences off whoever wrote the active builds under an older token; makes the first builds. */
const takeOver = Effect.fnUntraced(function* (
  { ledger, models }: Models,
  token: number,
): Effect.fn.Return<ReadonlyArray<Folding>, DatabaseError | Fenced, Database> {
  const database = yield* Database;
  const names = models.map(({ name }) => name);
  // Locked in order, as whoever writes them locks them.
  const mine = database
    .query<Parameters<typeof buildOf>[0]>(
      `WITH held AS (
         SELECT build AS held, name AS of FROM authledger.cursors
         WHERE ledger = 'identity' AND name = ANY ($1::TEXT[]) AND active AND token <= $2
         ORDER BY name FOR UPDATE
       )
       UPDATE authledger.cursors SET token = $2 FROM held
       WHERE ledger = 'identity' AND name = held.of AND build = held.held RETURNING ${COLUMNS}`,
      [names, token],
    )
    .pipe(Effect.map((rows) => new Map(rows.map((row) => [row.name, buildOf(row)]))));
  let builds = yield* mine;
  if (builds.size < models.length) {
    for (const model of models) if (!builds.has(model.name)) yield* ensureBuild(database, model);
    builds = yield* mine;
  }
  const parked = yield* database.query<{ name: string; build: number; key: string }>(
    "SELECT name, build, key FROM authledger.parked WHERE ledger = 'identity' AND name = ANY ($1)",
    [names],
  );
  const foldings: Array<Folding> = [];
  for (const model of models) {
    const build = builds.get(model.name);
    if (build === undefined) return yield* new Fenced({ ledger });
    const keys = parked.filter((row) => row.name === model.name && row.build === build.build);
    foldings.push({ model, build, parked: new Set(keys.map(({ key }) => key)) });
  }
  return foldings;
});

/** The first build of a model, active from the start; several processes may ask at once. */
export const ensureBuild = (database: Database["Service"], model: ReadModel) =>
  database.transaction((session) =>
    Effect.gen(function* () {
      yield* session.query("SELECT pg_advisory_xact_lock(hashtext('authledger'), hashtext($1))", [
        model.name,
      ]);
      const there = yield* session.query(
        "SELECT 1 FROM authledger.cursors WHERE ledger = 'identity' AND name = $1 AND active",
        [model.name],
      );
      if (there.length === 0) yield* createBuild(session, model, true);
    }),
  );

/** The guard did not hold: a rebuild replaced a build (go on with it), or the lease is lost. */
const stillMine = Effect.fnUntraced(function* (
  database: Database["Service"],
  foldings: ReadonlyArray<Folding>,
  { token, fenced }: { readonly token: number; readonly fenced: Fenced },
): Effect.fn.Return<void, DatabaseError | Fenced> {
  const newer = yield* database.query(
    `SELECT 1 FROM authledger.cursors
     WHERE ledger = 'identity' AND name = ANY ($1::TEXT[]) AND active AND token > $2`,
    [foldings.map(({ model }) => model.name), token],
  );
  if (newer.length > 0) return yield* fenced;
});
