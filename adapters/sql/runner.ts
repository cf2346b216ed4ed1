import * as Data from "effect/Data";
import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import * as Semaphore from "effect/Semaphore";
import * as Stream from "effect/Stream";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import {
  type CursorDiverged,
  type LedgerCorrupt,
  Ledgers,
  type LedgerUnavailable,
} from "../ports/ledger.ts";
import { advance, type Build, buildOf, createBuild } from "./builds.ts";
import { Database, type DatabaseError, type Session } from "./database.ts";
import { type RebuildError, rebuild } from "./rebuild.ts";
import type { Watermarks } from "./watermarks.ts";

/** A cursor that only passed over events of other models is written down this often. */
const IDLE_CURSOR_INTERVAL = "100 millis";
/** … or when it has passed over this many, so that a restart reads little again. */
const IDLE_EVENTS_MAX = 1_000;
const RETRY_INTERVAL = "500 millis";

/** Another holder of the lease writes this model now. */
class Fenced extends Data.TaggedError("Fenced")<{ readonly model: string }> {}

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

/**
 * Follows the ledger into one model's active build, for as long as the token is the newest. What
 * fails is tried again from the cursor that is stored; nothing is skipped.
 */
export const runModel = (
  model: ReadModel,
  options: RunnerOptions,
): Effect.Effect<never, Fenced, Database | Ledgers> =>
  followOnce(model, options).pipe(
    Effect.tapError((error) => Effect.sync(() => options.onProblem(model.name, error.message))),
    Effect.retry({
      while: (error: RunError) => error._tag !== "Fenced",
      schedule: Schedule.spaced(RETRY_INTERVAL),
    }),
    Effect.catch((error) => (error._tag === "Fenced" ? Effect.fail(error) : Effect.never)),
    Effect.repeat(Schedule.forever),
    Effect.andThen(Effect.never),
  );

/** Ends when the build is not the active one any more: a rebuild was switched in. */
const followOnce = Effect.fnUntraced(function* (
  model: ReadModel,
  { token, marks, announce, onProblem }: RunnerOptions,
): Effect.fn.Return<void, RunError, Database | Ledgers> {
  const database = yield* Database;
  const ledger = (yield* Ledgers)[model.ledger];
  let build = yield* takeOver(database, model, token);
  if (build.version !== model.version) {
    // Another program's rows: readers keep them until this program's are ready.
    yield* rebuild(model, () => {});
    build = yield* takeOver(database, model, token);
  }
  const parked = yield* parkedKeys(database, build);
  const { epoch } = yield* ledger.head;
  if (build.cursor.position < marks.reached(model.name)) {
    marks.reset(model.name, build.cursor.position);
  }
  marks.raise(model.name, build.cursor.position);
  let passed: LedgerRecord | undefined;
  const one = yield* Semaphore.make(1);

  const write = Effect.fnUntraced(function* (records: ReadonlyArray<LedgerRecord>) {
    const advanced = yield* advance(database, model, build, {
      records,
      epoch,
      isParked: (key) => parked.has(key),
      relaxed: model.gates !== true,
    });
    if (advanced === undefined) return yield* new Fenced({ model: model.name });
    build = advanced.build;
    passed = undefined;
    for (const { key } of advanced.parked) parked.add(key);
  });
  const fold = Effect.fnUntraced(function* (records: ReadonlyArray<LedgerRecord>) {
    const last = records[records.length - 1];
    if (last === undefined) return;
    const concerned = records.some(({ type }) => model.handles.includes(type));
    if (concerned || last.position - build.cursor.position > IDLE_EVENTS_MAX) yield* write(records);
    else passed = last;
    onProblem(model.name, undefined);
    marks.raise(model.name, last.position);
    announce(model.name, last.position);
  });
  const noteIdle = Effect.suspend(() => (passed === undefined ? Effect.void : write([passed])));
  yield* Stream.runForEach(ledger.follow(build.cursor), (records) =>
    one.withPermits(1)(fold(records)),
  ).pipe(
    Effect.raceFirst(
      one
        .withPermits(1)(noteIdle)
        .pipe(Effect.repeat(Schedule.spaced(IDLE_CURSOR_INTERVAL))),
    ),
    Effect.catchTag("Fenced", (error) => stillMine(database, model, token, error)),
  );
});

/** Fences off whoever wrote the active build under an older token; makes the first build. */
const takeOver = Effect.fnUntraced(function* (
  database: Database["Service"],
  model: ReadModel,
  token: number,
): Effect.fn.Return<Build, DatabaseError | Fenced> {
  const mine = database.query<Parameters<typeof buildOf>[0]>(
    `UPDATE authledger.cursors SET token = $2
     WHERE ledger = 'identity' AND name = $1 AND active AND token <= $2
     RETURNING name, build, version, position, leaf, epoch, digest, token`,
    [model.name, token],
  );
  const [row] = yield* mine;
  if (row !== undefined) return buildOf(row);
  yield* ensureBuild(database, model);
  const [made] = yield* mine;
  if (made === undefined) return yield* new Fenced({ model: model.name });
  return buildOf(made);
});

/** The first build of a model, active from the start; several processes may ask at once. */
export const ensureBuild = (database: Database["Service"], model: ReadModel) =>
  database.transaction((session: Session) =>
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

/** The guard did not hold: a rebuild replaced the build (go on with it), or the lease is lost. */
const stillMine = Effect.fnUntraced(function* (
  database: Database["Service"],
  model: ReadModel,
  token: number,
  fenced: Fenced,
): Effect.fn.Return<void, DatabaseError | Fenced> {
  const newer = yield* database.query(
    `SELECT 1 FROM authledger.cursors
     WHERE ledger = 'identity' AND name = $1 AND active AND token > $2`,
    [model.name, token],
  );
  if (newer.length > 0) return yield* fenced;
});

const parkedKeys = (database: Database["Service"], { name, build }: Build) =>
  database
    .query<{ key: string }>(
      "SELECT key FROM authledger.parked WHERE ledger = 'identity' AND name = $1 AND build = $2",
      [name, build],
    )
    .pipe(Effect.map((rows) => new Set(rows.map(({ key }) => key))));
