import * as Data from "effect/Data";
import * as Effect from "effect/Effect";
import type { JsonObject } from "../../domain/json.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import { digestAfter, EMPTY_DIGEST } from "../fold/digest.ts";
import {
  type Ledger,
  type LedgerCorrupt,
  Ledgers,
  type LedgerUnavailable,
  READ_LIMIT_MAX,
} from "../ports/ledger.ts";
import { advance, type Batch, type Folding } from "./advance.ts";
import { activeBuild, type Build, createBuild, tableOf, UNDEFINED_TABLE } from "./builds.ts";
import { Database, type DatabaseError, type Session } from "./database.ts";

/** What a rebuild came to. */
export type Rebuilt = {
  readonly model: string;
  readonly version: number;
  /** Events folded. */
  readonly events: number;
  readonly position: number;
  readonly digest: string;
  /** Of the rows that were replaced. */
  readonly replaced: string;
  /** Both of one version, at one position, with no parked keys: only such must be equal. */
  readonly comparable: boolean;
  readonly parked: number;
};

/** Rows of the replaced build that are hashed at a time: on PGlite more hold the event loop. */
const DIGEST_PAGE = 500;

/** Pages of the ledger folded at once; on PGlite a larger statement would hold the event loop. */
const PAGES = { postgres: 8, pglite: 1 };
const READS_AT_ONCE = 4;

/** Nearer to the head than this, the rest is folded while readers are switched. */
const SWITCH_WITHIN = READ_LIMIT_MAX;

/** Somebody else began to rebuild the same model; theirs goes on. */
export class RebuildSuperseded extends Data.TaggedError("RebuildSuperseded")<{
  readonly model: string;
}> {
  override get message() {
    return `Cannot finish the rebuild of ${this.model}: another one began`;
  }
}

export type RebuildError = RebuildSuperseded | DatabaseError | LedgerUnavailable | LedgerCorrupt;

/**
 * Builds a model anew beside the one in use, catches up, and switches the readers in one
 * transaction; then hashes what was replaced. The one in use goes on until the switch.
 *
 * Order: of two rebuilds of one model the later goes on; what a killed one left is cleared away.
 */
export const rebuild = Effect.fn("rebuild")(function* (
  model: ReadModel,
  progress: (done: number, total: number) => void,
): Effect.fn.Return<Rebuilt, RebuildError, Database | Ledgers> {
  const database = yield* Database;
  const ledger = (yield* Ledgers)[model.ledger];
  const { epoch } = yield* ledger.head;
  let folding: Folding = { model, build: yield* begin(database, model), parked: new Set() };
  let ahead: ReadonlyArray<LedgerRecord> | undefined;
  const readAhead = (from: number) => pagesFrom(ledger, from, PAGES[database.kind]);
  let astray = false;
  for (;;) {
    const head = yield* ledger.head;
    while (head.position - positionOf(folding) > SWITCH_WITHIN) {
      const records = ahead ?? (yield* readAhead(positionOf(folding) + 1));
      const next = (records[records.length - 1]?.position ?? positionOf(folding)) + 1;
      const batch = { records, epoch, relaxed: true };
      // The next pages are read while these are written.
      [folding, ahead] = yield* Effect.all([fold(database, folding, batch), readAhead(next)], {
        concurrency: 2,
      });
      progress(positionOf(folding), head.position);
    }
    ahead = undefined;
    const switched: Switched = yield* trySwitch(database, ledger, { folding, epoch, astray });
    folding = switched.folding;
    if (switched.replaced === undefined) {
      // Further than the ledger itself: it folded a history that is gone, and is not waited for.
      astray = switched.there > (yield* ledger.head).position;
      continue;
    }
    progress(head.position, head.position);
    const { replaced } = switched;
    const { build } = folding;
    const before = yield* superseded(model, digestOf(database, replaced));
    yield* clearAway(database, model.name, [replaced.build]);
    return {
      model: model.name,
      version: model.version,
      events: build.cursor.position,
      position: build.cursor.position,
      digest: build.digest,
      replaced: before,
      comparable:
        replaced.version === build.version &&
        replaced.cursor.position === build.cursor.position &&
        switched.unparked === 0,
      parked: folding.parked.size,
    };
  }
});

const positionOf = ({ build }: Folding) => build.cursor.position;

/** Several pages side by side: positions have no gaps, so each knows where it begins. */
const pagesFrom = (ledger: Ledger, from: number, pages: number) =>
  Effect.forEach(
    Array.from({ length: pages }, (_, page) => from + page * READ_LIMIT_MAX),
    (start) => ledger.read({ from: start }),
    { concurrency: READS_AT_ONCE },
  ).pipe(Effect.map((read) => read.flat()));

/** The name under which a replaced build waits to be hashed and dropped. */
const retired = (name: string) => `retired:${name}`;

/** Makes the new build; whatever else is under way, or was left by a killed one, is over. */
const begin = Effect.fnUntraced(function* (database: Database["Service"], model: ReadModel) {
  const { name } = model;
  const { build, others } = yield* database.transaction((session) =>
    Effect.gen(function* () {
      yield* session.query("SELECT pg_advisory_xact_lock(hashtext('authledger'), hashtext($1))", [
        name,
      ]);
      const made = yield* createBuild(session, model, false);
      const gone = yield* session.query<{ build: number }>(
        `DELETE FROM authledger.cursors
         WHERE ledger = 'identity' AND NOT active AND build <> $3 AND name IN ($1, $2)
         RETURNING build`,
        [name, retired(name), made.build],
      );
      return { build: made, others: gone.map((row) => row.build) };
    }),
  );
  // After the commit: the other rebuild then sees that it is over, instead of a dead lock.
  yield* clearAway(database, name, others);
  return build;
});

const clearAway = Effect.fnUntraced(function* (
  database: Database["Service"],
  name: string,
  builds: ReadonlyArray<number>,
) {
  for (const build of builds) {
    yield* database.query("SELECT authledger.drop_build($1, $2)", [name, build]);
    yield* database.query(
      `DELETE FROM authledger.parked WHERE ledger = 'identity' AND name = $1 AND build = $2`,
      [name, build],
    );
    yield* database.query(
      `DELETE FROM authledger.cursors WHERE ledger = 'identity' AND name = $1 AND build = $2`,
      [retired(name), build],
    );
  }
});

/** Of the rows as they are stored, whatever its cursor says: nobody writes them any more. */
const digestOf = Effect.fnUntraced(function* (
  database: Database["Service"],
  replaced: Build,
): Effect.fn.Return<string, DatabaseError> {
  let digest = EMPTY_DIGEST;
  let after = "";
  for (;;) {
    const page = yield* database.query<{ key: string; row: JsonObject | null }>(
      `SELECT key, row FROM ${tableOf(replaced)} WHERE key > $1
       ORDER BY key LIMIT ${DIGEST_PAGE}`,
      [after],
    );
    digest = digestAfter(
      digest,
      page.map(({ key, row }) => ({ key, before: undefined, after: row ?? undefined })),
    );
    const last = page[page.length - 1];
    if (page.length < DIGEST_PAGE || last === undefined) return digest;
    after = last.key;
  }
});

/** The tables of a build are gone when another rebuild cleared them away. */
const superseded = <A>({ name }: ReadModel, work: Effect.Effect<A, DatabaseError>) =>
  Effect.mapError(work, (error) =>
    error.sqlstate === UNDEFINED_TABLE ? new RebuildSuperseded({ model: name }) : error,
  );

const fold = Effect.fnUntraced(function* (
  session: Session,
  folding: Folding,
  batch: Batch,
): Effect.fn.Return<Folding, DatabaseError | RebuildSuperseded> {
  const [advanced] = (yield* advance(session, [folding], batch)) ?? [];
  return advanced ?? (yield* new RebuildSuperseded({ model: folding.model.name }));
});

type Switched = {
  readonly folding: Folding;
  /** Where the build in use stood. */
  readonly there: number;
  /** Undefined: the switch has to be tried again. */
  readonly replaced: Build | undefined;
  /** Keys that had been parked in the build that was replaced. */
  readonly unparked: number;
};

/**
 * Holds the active cursor still, folds up to just its position and puts the new build in its place.
 * The records are read before, because on PGlite a transaction has the database to itself.
 */
const trySwitch = Effect.fnUntraced(function* (
  database: Database["Service"],
  ledger: Ledger,
  current: { readonly folding: Folding; readonly epoch: string; readonly astray: boolean },
): Effect.fn.Return<Switched, RebuildError> {
  const { epoch } = current;
  const { model, build: start } = current.folding;
  const records = yield* ledger.read({ from: start.cursor.position + 1 });
  const last = records[records.length - 1]?.position ?? start.cursor.position;
  return yield* database.transaction((session) =>
    Effect.gen(function* () {
      const active = yield* activeBuild(session, model.name, "FOR UPDATE");
      const there = active?.cursor.position ?? 0;
      if (active === undefined || (there > last && !current.astray)) {
        return { folding: current.folding, there, replaced: undefined, unparked: 0 };
      }
      // Just as far where it can be, so that both can be compared; never less far.
      const equal = active.version === model.version && there >= start.cursor.position;
      const upTo = equal ? records.filter(({ position }) => position <= there) : records;
      const folding = yield* fold(session, current.folding, { records: upTo, epoch });
      const named = [model.name, active.build];
      yield* session.query(
        `UPDATE authledger.cursors SET active = FALSE, name = $3
         WHERE ledger = 'identity' AND name = $1 AND build = $2`,
        [...named, retired(model.name)],
      );
      const unparked = yield* session.query(
        `DELETE FROM authledger.parked WHERE ledger = 'identity' AND name = $1 AND build = $2
         RETURNING key`,
        named,
      );
      yield* session.query(
        `UPDATE authledger.cursors SET active = TRUE, token = $3
         WHERE ledger = 'identity' AND name = $1 AND build = $2`,
        [model.name, start.build, active.token],
      );
      yield* session.query("SELECT authledger.activate_build($1, $2)", [model.name, start.build]);
      return { folding, there, replaced: active, unparked: unparked.length };
    }),
  );
});
