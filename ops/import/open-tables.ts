import { existsSync } from "node:fs";
import { resolve } from "node:path";
import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
import { type UsageError, usageError } from "../usage-error.ts";

export type Row = Readonly<Record<string, unknown>>;

/** Another program's database, to be read. */
export type Tables = {
  /** Names of columns by name of table; a table that is not there has none. */
  readonly columns: (table: string) => Effect.Effect<ReadonlyArray<string>, UsageError>;
  /** `?` stands for a parameter. */
  readonly query: (
    statement: string,
    parameters: ReadonlyArray<unknown>,
  ) => Effect.Effect<ReadonlyArray<Row>, UsageError>;
};

const CONNECT_TIMEOUT_MS = 10_000;

/** Oid of `timestamp` without time zone, which pg would read as one of this machine's. */
const TIMESTAMP = 1114;

/** Opens `postgres://…` or a file of SQLite, read only, until the scope closes. */
export const openTables = (
  from: string,
  folder: string,
): Effect.Effect<Tables, UsageError, Scope.Scope> =>
  /^postgres(?:ql)?:\/\//.test(from) ? postgres(from) : sqlite(resolve(folder, from));

const postgres = Effect.fnUntraced(function* (
  url: string,
): Effect.fn.Return<Tables, UsageError, Scope.Scope> {
  const { default: pg } = yield* Effect.promise(() => import("pg"));
  const options = { connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS };
  const client = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const made = new pg.Client({
        ...options,
        types: {
          getTypeParser: (oid, format) =>
            oid === TIMESTAMP ? String : pg.types.getTypeParser(oid, format),
        },
        options: "-c default_transaction_read_only=on -c timezone=UTC",
      });
      // A connection that breaks is noticed by the next query.
      made.on("error", () => {});
      return made;
    }),
    (made) => Effect.promise(() => made.end().catch(() => {})),
  );
  yield* Effect.tryPromise({
    try: () => client.connect(),
    catch: (cause) => usageError(`Cannot connect to the database of --from (${codeOf(cause)})`),
  });
  const query: Tables["query"] = (statement, parameters) => {
    let at = 0;
    const text = statement.replaceAll("?", () => `$${++at}`);
    return Effect.tryPromise({
      try: async () => (await client.query(text, [...parameters])).rows as ReadonlyArray<Row>,
      catch: (cause) => usageError(`Cannot read the database of --from (${codeOf(cause)})`),
    });
  };
  return {
    query,
    columns: (table) =>
      query(
        `SELECT column_name AS name FROM information_schema.columns
         WHERE table_schema = ANY (current_schemas(FALSE)) AND table_name = ?
         ORDER BY ordinal_position`,
        [table],
      ).pipe(Effect.map((rows) => rows.map(({ name }) => String(name)))),
  };
});

const sqlite = Effect.fnUntraced(function* (
  path: string,
): Effect.fn.Return<Tables, UsageError, Scope.Scope> {
  if (!existsSync(path)) {
    return yield* usageError(
      `Cannot find ${path}: expected --from with a postgres:// URL or a file of SQLite`,
    );
  }
  const { DatabaseSync } = yield* Effect.promise(() => import("node:sqlite"));
  const database = yield* Effect.acquireRelease(
    Effect.try({
      try: () => new DatabaseSync(path, { readOnly: true }),
      catch: (cause) => usageError(`Cannot open ${path} (${codeOf(cause)})`),
    }),
    (opened) => Effect.sync(() => opened.close()),
  );
  const query: Tables["query"] = (statement, parameters) =>
    Effect.try({
      try: () =>
        database.prepare(statement).all(...(parameters as Array<string>)) as ReadonlyArray<Row>,
      catch: (cause) => usageError(`Cannot read ${path}: no database of SQLite (${codeOf(cause)})`),
    });
  return {
    query,
    columns: (table) =>
      query("SELECT name FROM pragma_table_info(?)", [table]).pipe(
        Effect.map((rows) => rows.map(({ name }) => String(name))),
      ),
  };
});

/** The code of a failure: its message may quote a row, or the password of the URL. */
function codeOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : "unknown cause";
}
