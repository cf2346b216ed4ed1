import * as Effect from "effect/Effect";
import type { JsonObject } from "../../domain/json.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import { digestAfter } from "../fold/digest.ts";
import {
  type FoldedBatch,
  foldBatch,
  type Held,
  NOT_YET,
  type Work,
  workOf,
} from "../fold/fold-batch.ts";
import { type Build, tableOf, UNDEFINED_TABLE } from "./builds.ts";
import type { DatabaseError, Session } from "./database.ts";
import { listChanges, listWrites, type RowChange } from "./lists.ts";

/** A model, the build that it is folded into, and the keys that are parked there. */
export type Folding = {
  readonly model: ReadModel;
  readonly build: Build;
  readonly parked: ReadonlySet<string>;
};

export type Batch = {
  /** Contiguous. What a build has folded already it passes over. */
  readonly records: ReadonlyArray<LedgerRecord>;
  readonly epoch: string;
  /** The write need not be on disk when it is answered: a crash only folds it again. */
  readonly relaxed?: boolean;
};

const orGone = <A, R>(work: Effect.Effect<A, DatabaseError, R>) =>
  Effect.catchIf(
    work,
    ({ sqlstate }) => sqlstate === UNDEFINED_TABLE,
    () => Effect.succeed(undefined),
  );

/**
 * Folds a batch into one build of each of several models: one read and one write for all of them.
 * Answers where they stand then; `undefined` when another holder has moved one of them meanwhile,
 * or its tables are gone: then nothing was written.
 *
 * Atomicity: rows, lists, events, snapshots, parked keys and cursors in one statement, guarded by
 * the token and position of every cursor.
 */
export const advance = Effect.fnUntraced(function* (
  session: Session,
  foldings: ReadonlyArray<Folding>,
  { records, epoch, relaxed = false }: Batch,
): Effect.fn.Return<ReadonlyArray<Folding> | undefined, DatabaseError> {
  const last = records[records.length - 1];
  if (last === undefined) return foldings;
  const behind = foldings.filter(({ build }) => build.cursor.position < last.position);
  if (behind.length === 0) return foldings;
  const works = behind.map(({ model, build }) =>
    workOf(
      model,
      records.filter(({ position }) => position > build.cursor.position),
    ),
  );
  const loaded = yield* load(session, behind, works);
  const cursor = { position: last.position, leaf: last.leaf, epoch };
  const steps = behind.map((folding, i) =>
    stepOf(folding, works[i] ?? NO_WORK, loaded[i] ?? new Map()),
  );
  const { text, parameters } = writeStatement(steps, cursor, relaxed);
  const moved = yield* session.query(text, parameters);
  if (moved.length === 0) return undefined;
  return foldings.map((folding) => {
    const step = steps.find(({ before }) => before === folding);
    if (step === undefined) return folding;
    const { model, build, parked } = folding;
    const keys = step.folded.parked.map(({ key }) => key);
    return {
      model,
      build: { ...build, cursor, digest: step.digest },
      parked: keys.length === 0 ? parked : new Set([...parked, ...keys]),
    };
  });
}, orGone);

const NO_WORK: Work = { happenings: [], keys: [] };

type Loaded = ReadonlyMap<string, Held>;

/** The rows that a batch touches, of every model with one statement. */
const load = Effect.fnUntraced(function* (
  session: Session,
  foldings: ReadonlyArray<Folding>,
  works: ReadonlyArray<Work>,
): Effect.fn.Return<ReadonlyArray<Loaded>, DatabaseError> {
  const loaded = foldings.map(() => new Map<string, Held>());
  const { parameters, bind } = binding();
  const parts = foldings.flatMap(({ build }, i) => {
    const keys = works[i]?.keys ?? [];
    if (keys.length === 0) return [];
    return `SELECT ${i} AS of, key, row, position, events FROM ${tableOf(build)}
      WHERE key = ANY (${bind(keys)}::TEXT[])`;
  });
  if (parts.length === 0) return loaded;
  const rows = yield* session.query<{
    of: number;
    key: string;
    row: JsonObject | null;
    position: number;
    events: number;
  }>(parts.join(" UNION ALL "), parameters);
  for (const { of, key, row, position, events } of rows) {
    loaded[of]?.set(key, { row: row ?? undefined, position, events });
  }
  return loaded;
});

/** What a batch makes of one build. */
type Step = {
  readonly before: Folding;
  readonly folded: FoldedBatch;
  readonly changes: ReadonlyArray<RowChange>;
  readonly digest: string;
};

function stepOf(before: Folding, work: Work, loaded: Loaded): Step {
  const { model, build, parked } = before;
  const folded = foldBatch(model, work, loaded, (key) => parked.has(key));
  const changes = [...folded.rows].map(([key, held]) => ({
    key,
    before: (loaded.get(key) ?? NOT_YET).row,
    after: held.row,
  }));
  return { before, folded, changes, digest: digestAfter(build.digest, changes) };
}

function binding() {
  const parameters: Array<unknown> = [];
  return { parameters, bind: (value: unknown) => `$${parameters.push(value)}` };
}

/** Names only tables that the batch touches: few texts, and each is planned once. */
function writeStatement(
  steps: ReadonlyArray<Step>,
  { position, leaf, epoch }: Build["cursor"],
  relaxed: boolean,
) {
  const { parameters, bind } = binding();
  const of = <Value>(value: (build: Build, step: Step) => Value) =>
    bind(steps.map((step) => value(step.before.build, step)));
  const [names, builds] = [of(({ name }) => name), of(({ build }) => build)];
  const guard = `unnest(${names}::TEXT[], ${builds}::INT[], ${of(({ token }) => token)}::BIGINT[],
    ${of(({ cursor }) => cursor.position)}::BIGINT[]) AS m(name, build, token, position)`;
  const digests = of((_, { digest }) => digest);
  const set = `position = ${bind(position)}, leaf = ${bind(leaf)}, epoch = ${bind(epoch)}`;
  const writes = steps.flatMap((step, i) => writesOf(step, i, bind)).join("");
  const parked = steps.flatMap(({ before: { build }, folded }) =>
    folded.parked.map((one) => ({ name: build.name, build: build.build, ...one })),
  );
  const parking = parked.length > 0 ? parkedWrite(bind(JSON.stringify(parked))) : "";
  const text = `WITH held AS (
    SELECT c.name FROM authledger.cursors c JOIN ${guard}
      ON c.name = m.name AND c.build = m.build AND c.token = m.token AND c.position = m.position
    WHERE c.ledger = 'identity' ORDER BY c.name FOR UPDATE OF c
  ), mine AS (
    SELECT 1 FROM held HAVING count(*) = cardinality(${names}::TEXT[])
  ), moved AS (
    UPDATE authledger.cursors c SET ${set}, digest = m.digest
    FROM mine, unnest(${names}::TEXT[], ${builds}::INT[], ${digests}::TEXT[])
      AS m(name, build, digest)
    WHERE c.ledger = 'identity' AND c.name = m.name AND c.build = m.build
  )${writes}${parking}
  -- Of this transaction alone: rows and cursors are lost together or not at all. There is no NOTIFY
  -- here: it would hold a lock of the whole server until the commit is on disk.
  SELECT CASE WHEN ${bind(relaxed)}::BOOLEAN
    THEN set_config('synchronous_commit', 'off', TRUE) END FROM mine`;
  return { text, parameters };
}

function writesOf(
  { before: { model, build }, folded, changes }: Step,
  i: number,
  bind: (value: unknown) => string,
): ReadonlyArray<string> {
  const table = tableOf(build);
  const { rows, touched, snapshots } = folded;
  const writes: Array<string> = [];
  if (rows.size > 0) {
    writes.push(`, rows_${i} AS (
    INSERT INTO ${table} (key, row, position, events)
    SELECT r.key, nullif(r.row, 'null'::JSONB), r.position, r.events
    FROM mine, jsonb_to_recordset(${bind(JSON.stringify(rowsOf(folded)))}::JSONB)
      AS r(key TEXT, row JSONB, position BIGINT, events INT)
    ON CONFLICT (key) DO UPDATE SET
      row = excluded.row, position = excluded.position, events = excluded.events)`);
  }
  const listed = listChanges(model, changes);
  if (listed.gone.length > 0 || listed.come.length > 0) {
    writes.push(listWrites(table, listed, { bind, suffix: `${i}` }));
  }
  if (touched.length > 0) {
    writes.push(`, events_${i} AS (
    INSERT INTO ${table}_events (key, position)
    SELECT t.key, t.position
    FROM mine, unnest(${bind(touched.map(({ key }) => key))}::TEXT[],
      ${bind(touched.map((event) => event.position))}::BIGINT[]) AS t(key, position)
    ON CONFLICT DO NOTHING)`);
  }
  if (snapshots.length > 0) {
    const taken = snapshots.map(({ key, held: { position, row = null } }) => ({
      key,
      position,
      row,
    }));
    writes.push(`, snapshots_${i} AS (
    INSERT INTO ${table}_snapshots (key, position, row)
    SELECT s.key, s.position, nullif(s.row, 'null'::JSONB)
    FROM mine, jsonb_to_recordset(${bind(JSON.stringify(taken))}::JSONB)
      AS s(key TEXT, position BIGINT, row JSONB)
    ON CONFLICT DO NOTHING)`);
  }
  return writes;
}

function parkedWrite(parked: string): string {
  return `, parked AS (
    INSERT INTO authledger.parked (ledger, name, build, key, position, problem)
    SELECT 'identity', p.name, p.build, p.key, p.position, p.problem
    FROM mine, jsonb_to_recordset(${parked}::JSONB)
      AS p(name TEXT, build INT, key TEXT, position BIGINT, problem TEXT)
    ON CONFLICT DO NOTHING)`;
}

/** A row that is gone stays as a marker: its history does. */
function rowsOf({ rows }: FoldedBatch) {
  return [...rows].map(([key, { row, position, events }]) => ({
    key,
    row: row ?? null,
    position,
    events,
  }));
}
