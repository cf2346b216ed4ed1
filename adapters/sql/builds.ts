import * as Effect from "effect/Effect";
import type { JsonObject } from "../../domain/json.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import { digestAfter, EMPTY_DIGEST } from "../fold/digest.ts";
import { type FoldedBatch, foldBatch, type Held, NOT_YET, workOf } from "../fold/fold-batch.ts";
import type { Cursor } from "../ports/ledger.ts";
import type { DatabaseError, Session } from "./database.ts";

/** One build of one model and where it stands. */
export type Build = {
  readonly name: string;
  readonly build: number;
  readonly version: number;
  readonly cursor: Cursor;
  readonly digest: string;
  readonly token: number;
};

type CursorRow = Cursor & Omit<Build, "cursor">;

/** SQLSTATE: a table that a statement names does not exist. */
export const UNDEFINED_TABLE = "42P01";

const COLUMNS = "name, build, version, position, leaf, epoch, digest, token";

export const buildOf = ({ position, leaf, epoch, digest, ...build }: CursorRow): Build => ({
  ...build,
  digest: digest === "" ? EMPTY_DIGEST : digest,
  cursor: { position, leaf, epoch },
});

/** The active build of a model, or none before the first. */
export const activeBuild = (session: Session, name: string, lock: "" | "FOR UPDATE" = "") =>
  session
    .query<CursorRow>(
      `SELECT ${COLUMNS} FROM authledger.cursors
       WHERE ledger = 'identity' AND name = $1 AND active ${lock}`,
      [name],
    )
    .pipe(Effect.map(([row]) => row && buildOf(row)));

/** Makes the tables and the cursor of a build; `active` makes readers see it. */
export const createBuild = Effect.fnUntraced(function* (
  session: Session,
  model: { readonly name: string; readonly version: number },
  active: boolean,
): Effect.fn.Return<Build, DatabaseError> {
  const { name, version } = model;
  const [next] = yield* session.query<{ build: number }>(
    `SELECT (coalesce(max(build), 0) + 1)::INT AS build FROM authledger.cursors
     WHERE ledger = 'identity' AND name = $1`,
    [name],
  );
  const build = next?.build ?? 1;
  yield* session.query("SELECT authledger.drop_build($1, $2)", [name, build]);
  yield* session.query("SELECT authledger.create_build($1, $2)", [name, build]);
  if (active) yield* session.query("SELECT authledger.activate_build($1, $2)", [name, build]);
  yield* session.query(
    `INSERT INTO authledger.cursors (ledger, name, build, version, active)
     VALUES ('identity', $1, $2, $3, $4)`,
    [name, build, version, active],
  );
  const cursor = { position: 0, leaf: "", epoch: "" };
  return { name, build, version, cursor, digest: EMPTY_DIGEST, token: 0 };
});

/**
 * What folding a batch made of a build; `undefined` when another holder has moved it meanwhile, or
 * its tables are gone.
 */
export type Advanced = {
  readonly build: Build;
  readonly parked: FoldedBatch["parked"];
};

const orGone = <A, R>(work: Effect.Effect<A, DatabaseError, R>) =>
  Effect.catchIf(
    work,
    ({ sqlstate }) => sqlstate === UNDEFINED_TABLE,
    () => Effect.succeed(undefined),
  );

/**
 * Folds a batch into the tables of a build and moves its cursor, in one read and one write.
 *
 * Atomicity: rows, their events, snapshots, parked keys and the cursor in one statement, guarded by
 * token and position. `records` begin right after the cursor.
 */
export const advance = Effect.fnUntraced(function* (
  session: Session,
  model: ReadModel,
  build: Build,
  batch: {
    readonly records: ReadonlyArray<LedgerRecord>;
    readonly epoch: string;
    readonly isParked: (key: string) => boolean;
    /** The write need not be on disk when it is answered: a crash only folds it again. */
    readonly relaxed?: boolean;
  },
): Effect.fn.Return<Advanced | undefined, DatabaseError> {
  const last = batch.records[batch.records.length - 1];
  if (last === undefined) return { build, parked: [] };
  const table = `authledger.${build.name}_${build.build}`;
  const work = workOf(model, batch.records);
  const loaded = new Map<string, Held>();
  if (work.keys.length > 0) {
    const rows = yield* session.query<{
      key: string;
      row: JsonObject | null;
      position: number;
      events: number;
    }>(`SELECT key, row, position, events FROM ${table} WHERE key = ANY ($1::TEXT[])`, [work.keys]);
    for (const { key, row, position, events } of rows) {
      loaded.set(key, { row: row ?? undefined, position, events });
    }
  }
  const folded = foldBatch(model, work, loaded, batch.isParked);
  const digest = digestAfter(
    build.digest,
    [...folded.rows].map(([key, held]) => ({
      key,
      before: (loaded.get(key) ?? NOT_YET).row,
      after: held.row,
    })),
  );
  const cursor = { position: last.position, leaf: last.leaf, epoch: batch.epoch };
  const moved = yield* session.query(writeStatement(table), [
    ...[cursor.position, cursor.leaf, cursor.epoch, digest],
    ...[build.name, build.build, build.token, build.cursor.position],
    JSON.stringify(rowsOf(model, folded, loaded)),
    folded.touched.map(({ key }) => key),
    folded.touched.map(({ position }) => position),
    JSON.stringify(
      folded.snapshots.map(({ key, held }) => ({
        key,
        position: held.position,
        row: held.row ?? null,
      })),
    ),
    JSON.stringify(folded.parked),
    batch.relaxed ?? false,
  ]);
  if (moved.length === 0) return undefined;
  return { build: { ...build, cursor, digest }, parked: folded.parked };
}, orGone);

/** A row that is gone stays as a marker that sorts where it was, for lists of the past. */
function rowsOf(model: ReadModel, folded: FoldedBatch, loaded: ReadonlyMap<string, Held>) {
  return [...folded.rows].map(([key, { row, position, events }]) => {
    const shown = row ?? loaded.get(key)?.row;
    const { sort, tags } = shown === undefined ? { sort: "", tags: [] } : model.index(shown);
    return { key, sort, tags: row === undefined ? [] : tags, row: row ?? null, position, events };
  });
}

function writeStatement(table: string): string {
  return `WITH moved AS (
    UPDATE authledger.cursors SET position = $1, leaf = $2, epoch = $3, digest = $4
    WHERE ledger = 'identity' AND name = $5 AND build = $6 AND token = $7 AND position = $8
    RETURNING position
  ), written AS (
    INSERT INTO ${table} (key, sort, tags, row, position, events)
    SELECT r.key, r.sort, r.tags, nullif(r.row, 'null'::JSONB), r.position, r.events
    FROM moved, jsonb_to_recordset($9::JSONB)
      AS r(key TEXT, sort TEXT, tags TEXT[], row JSONB, position BIGINT, events INT)
    ON CONFLICT (key) DO UPDATE SET sort = excluded.sort, tags = excluded.tags,
      row = excluded.row, position = excluded.position, events = excluded.events
  ), touched AS (
    INSERT INTO ${table}_events (key, position)
    SELECT t.key, t.position FROM moved, unnest($10::TEXT[], $11::BIGINT[]) AS t(key, position)
    ON CONFLICT DO NOTHING
  ), snapped AS (
    INSERT INTO ${table}_snapshots (key, position, row)
    SELECT s.key, s.position, nullif(s.row, 'null'::JSONB)
    FROM moved, jsonb_to_recordset($12::JSONB) AS s(key TEXT, position BIGINT, row JSONB)
    ON CONFLICT DO NOTHING
  ), parked AS (
    INSERT INTO authledger.parked (ledger, name, build, key, position, problem)
    SELECT 'identity', $5, $6, p.key, p.position, p.problem
    FROM moved, jsonb_to_recordset($13::JSONB) AS p(key TEXT, position BIGINT, problem TEXT)
    ON CONFLICT DO NOTHING
  )
  -- Of this transaction alone: rows and cursor are lost together or not at all. There is no NOTIFY
  -- here: it would hold a lock of the whole server until the commit is on disk.
  SELECT position, CASE WHEN $14 THEN set_config('synchronous_commit', 'off', TRUE) END
  FROM moved`;
}
