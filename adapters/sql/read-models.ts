import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { invariant } from "../../domain/invariant.ts";
import type { JsonObject } from "../../domain/json.ts";
import { type ReadModel, readModels } from "../../projections/catalogue.ts";
import { Ledgers } from "../ports/ledger.ts";
import {
  type ListQuery,
  type ModelStatus,
  type Page,
  Parked,
  ReadModels,
  type Row,
} from "../ports/read-models.ts";
import { type StoreUnavailable, storeUnavailable } from "../ports/store-unavailable.ts";
import { announcer, listen } from "./announcements.ts";
import { rowsAsOf } from "./as-of.ts";
import { Database } from "./database.ts";
import { withLease } from "./lease.ts";
import { CANDIDATES_MAX, EVERY_ROW, storedTag } from "./lists.ts";
import { reacher } from "./reach.ts";
import { ensureBuild, runModels } from "./runner.ts";
import { watermarks } from "./watermarks.ts";

export type ReadModelsOptions = {
  /** Whether this process may run the projections (one of them does, by lease). */
  readonly run: boolean;
  /** Which ones there are; a test plants its own. */
  readonly models?: ReadonlyArray<ReadModel>;
};

/** The read models as tables, in one database with the ledgers they fold. */
export const layer = (
  options: ReadModelsOptions,
): Layer.Layer<ReadModels, StoreUnavailable, Database | Ledgers> =>
  Layer.effect(
    ReadModels,
    Effect.gen(function* () {
      const database = yield* Database;
      const ledgers = yield* Ledgers;
      const { run, models = readModels } = options;
      const modelNamed = namedIn(models);
      const marks = watermarks();
      const problems = new Map<string, string>();
      const onProblem = (model: string, problem: string | undefined) => {
        if (problem === undefined) problems.delete(model);
        else problems.set(model, problem);
      };
      for (const model of models) {
        yield* ensureBuild(database, model).pipe(Effect.mapError(storeUnavailable));
      }
      yield* listen(database, marks.raise).pipe(Effect.mapError(storeUnavailable));
      const announce = announcer(database);
      if (run) {
        const all = (token: number) =>
          Effect.all(
            ledgersOf(models).map((each) => runModels(each, { token, marks, announce, onProblem })),
            { concurrency: "unbounded" },
          );
        yield* withLease("projections", all).pipe(Effect.forkScoped);
      }
      const read = reader(database, modelNamed);
      const manyAsOf: ReadModels["Service"]["manyAsOf"] = (name, keys, position) =>
        Effect.gen(function* () {
          const model = modelNamed(name);
          const parked = yield* parkedAmong(database, model.name, keys, position);
          if (parked !== undefined) return yield* parked;
          return yield* rowsAsOf(database, ledgers[model.ledger], model, { keys, position });
        });
      const reached = reacher(database, marks);
      return ReadModels.of({
        ...read,
        reach: (model, position, deadlineMs) =>
          reached(ledgers[modelNamed(model).ledger], { model, position, deadlineMs }),
        asOf: (name, key, position) => Effect.map(manyAsOf(name, [key], position), ([row]) => row),
        manyAsOf,
        status: status(database, models, problems),
      });
    }),
  );

const namedIn =
  (models: ReadonlyArray<ReadModel>) =>
  (name: string): ReadModel => {
    const model = models.find((candidate) => candidate.name === name);
    invariant(model !== undefined, `there is a read model ${name}`);
    return model;
  };

/** What follows one ledger. */
const ledgersOf = (models: ReadonlyArray<ReadModel>) =>
  [...new Set(models.map(({ ledger }) => ledger))].map((ledger) => ({
    ledger,
    models: models.filter((model) => model.ledger === ledger),
  }));

type Found = { key: string; row: JsonObject; position: number };

function reader(database: Database["Service"], modelNamed: (name: string) => ReadModel) {
  const query = <R>(statement: string, parameters: ReadonlyArray<unknown>) =>
    database.query<R>(statement, parameters).pipe(Effect.mapError(storeUnavailable));
  const many = Effect.fnUntraced(function* (model: string, keys: ReadonlyArray<string>) {
    const { name } = modelNamed(model);
    const found = yield* query<Found & { parked: number | null }>(
      `SELECT k.key, r.row, r.position, p.position AS parked
       FROM unnest($1::TEXT[]) AS k(key)
       LEFT JOIN authledger.${name} r ON r.key = k.key
       LEFT JOIN (authledger.parked p JOIN authledger.cursors c
         ON c.ledger = p.ledger AND c.name = p.name AND c.build = p.build AND c.active)
         ON p.ledger = 'identity' AND p.name = '${name}' AND p.key = k.key`,
      [[...new Set(keys)]],
    );
    const stuck = found.find(({ parked }) => parked !== null);
    if (stuck !== undefined) {
      return yield* new Parked({ model, key: stuck.key, position: stuck.parked ?? 0 });
    }
    return found
      .filter(({ row }) => row !== null)
      .map(({ key, row, position }): Row => ({ key, row, position }));
  });
  return {
    many,
    get: (model: string, key: string) => many(model, [key]).pipe(Effect.map(([row]) => row)),
    list: Effect.fnUntraced(function* (model: string, { tags = [], limit, cursor }: ListQuery) {
      const [sort, key] = decodeCursor(cursor);
      const wanted = tags.length === 0 ? [EVERY_ROW] : tags.map(storedTag);
      const rows = yield* query<Listed>(
        "SELECT sort, key, row, position FROM authledger.list_page($1, $2, $3, $4, $5, $6)",
        [modelNamed(model).name, wanted, sort, key, limit + 1, CANDIDATES_MAX],
      );
      const page = pageOf(rows, limit);
      const shown = page.items.map((row) => row.key);
      const parked = yield* parkedAmong(database, model, shown);
      if (parked !== undefined) return yield* parked;
      return page;
    }),
    history: (
      model: string,
      key: string,
      { before, limit }: { readonly before?: number; readonly limit: number },
    ) =>
      query<{ position: number }>(
        `SELECT position FROM authledger.${modelNamed(model).name}_events
         WHERE key = $1 AND position < $2 ORDER BY position DESC LIMIT $3`,
        [key, before ?? Number.MAX_SAFE_INTEGER, limit],
      ).pipe(Effect.map((rows) => rows.map(({ position }) => position))),
  };
}

/** One more than the page shows, or the place where looking ended: then its row is null. */
type Listed = { sort: string; key: string; row: JsonObject | null; position: number };

function pageOf(rows: ReadonlyArray<Listed>, limit: number): Page {
  const found = rows.flatMap(({ key, row, position }) =>
    row === null ? [] : [{ key, row, position }],
  );
  const items = found.slice(0, limit);
  const last = found.length > limit ? rows[limit - 1] : rows.find(({ row }) => row === null);
  if (last === undefined) return { items };
  const nextCursor = Buffer.from(JSON.stringify([last.sort, last.key])).toString("base64url");
  return { items, nextCursor };
}

/** A cursor that nobody here made starts at the beginning; it can name nothing that is secret. */
function decodeCursor(cursor: string | undefined): readonly [string, string] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor ?? "", "base64url").toString("utf8"));
    if (Array.isArray(parsed) && isText(parsed[0]) && isText(parsed[1])) {
      return [parsed[0], parsed[1]];
    }
  } catch {}
  return ["", ""];
}

/** What a TEXT holds: PostgreSQL refuses a statement with NUL in it, as if the store were away. */
function isText(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}

/** Which of these keys could not be folded up to a position, if any. */
const parkedAmong = (
  database: Database["Service"],
  model: string,
  keys: ReadonlyArray<string>,
  position = Number.MAX_SAFE_INTEGER,
) =>
  database
    .query<{ key: string; position: number }>(
      `SELECT p.key, p.position FROM authledger.parked p JOIN authledger.cursors c
         ON c.ledger = p.ledger AND c.name = p.name AND c.build = p.build AND c.active
       WHERE p.ledger = 'identity' AND p.name = $1 AND p.key = ANY ($2::TEXT[])
         AND p.position <= $3 LIMIT 1`,
      [model, keys, position],
    )
    .pipe(
      Effect.mapError(storeUnavailable),
      Effect.map(([row]) => row && new Parked({ model, ...row })),
    );

const status = (
  database: Database["Service"],
  models: ReadonlyArray<ReadModel>,
  problems: ReadonlyMap<string, string>,
) =>
  database
    .query<{
      name: string;
      version: number;
      position: number;
      active: boolean;
      parked: number;
      identity: number;
      activity: number;
    }>(
      `SELECT c.name, c.version, c.position, c.active,
         (SELECT count(*)::INT FROM authledger.parked p
           WHERE p.ledger = c.ledger AND p.name = c.name AND p.build = c.build) AS parked,
         (SELECT position FROM authledger.heads WHERE ledger = 'identity') AS identity,
         (SELECT position FROM authledger.heads WHERE ledger = 'activity') AS activity
       FROM authledger.cursors c WHERE c.ledger = 'identity' ORDER BY c.name, c.build`,
    )
    .pipe(
      Effect.mapError(storeUnavailable),
      Effect.map((rows) =>
        models.map(({ name, version, ledger }): ModelStatus => {
          const active = rows.find((row) => row.name === name && row.active);
          const building = rows.findLast((row) => row.name === name && !row.active);
          const problem = problems.get(name);
          return {
            model: name,
            version: active?.version ?? version,
            position: active?.position ?? 0,
            head: active?.[ledger] ?? 0,
            parked: active?.parked ?? 0,
            ...(problem && { problem }),
            ...(building && {
              building: { version: building.version, position: building.position },
            }),
          };
        }),
      ),
    );
