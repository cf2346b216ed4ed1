import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as Data from "effect/Data";
import * as Effect from "effect/Effect";
import { Database, type DatabaseError } from "./database.ts";

/** The database was written by a newer program; this one must not touch it. */
export class DatabaseNewer extends Data.TaggedError("DatabaseNewer")<{
  readonly found: number;
  readonly known: number;
}> {
  override get message() {
    const { found, known } = this;
    return `Cannot open this ledger: its schema is version ${found}, this program knows ${known}`;
  }
}

type Migration = { readonly version: number; readonly name: string; readonly script: string };

/** Serialises programs that start at once; any number that nobody else uses will do. */
const LOCK_KEY = 4_217_000_001;

const folder = fileURLToPath(new URL("./migrations", import.meta.url));

/** Numbered, forward-only, from 1 without gaps. */
export function migrations(): ReadonlyArray<Migration> {
  return readdirSync(folder)
    .filter((file) => /^\d{4}_.*\.sql$/.test(file))
    .toSorted()
    .map((file) => ({
      version: Number(file.slice(0, 4)),
      name: file.slice(5, -4),
      script: readFileSync(join(folder, file), "utf8"),
    }));
}

/** The schema version of the database; 0 when it holds no ledger yet. Changes nothing. */
export const schemaVersion = Effect.gen(function* () {
  const database = yield* Database;
  const [there] = yield* database.query<{ there: boolean }>(
    "SELECT to_regclass('authledger.migrations') IS NOT NULL AS there",
  );
  if (there?.there !== true) return 0;
  const [row] = yield* database.query<{ version: number | null }>(
    "SELECT max(version)::INT AS version FROM authledger.migrations",
  );
  return row?.version ?? 0;
});

/** Brings the database to this program's schema, each migration whole or not at all. */
export const migrate: Effect.Effect<void, DatabaseError | DatabaseNewer, Database> = Effect.gen(
  function* () {
    const database = yield* Database;
    const all = migrations();
    const known = all.at(-1)?.version ?? 0;
    const found = yield* schemaVersion;
    if (found > known) return yield* new DatabaseNewer({ found, known });
    if (found === known) return;
    const pending = all.filter((migration) => migration.version > found);
    yield* database.script(`
      SELECT pg_advisory_xact_lock(${LOCK_KEY});
      CREATE SCHEMA IF NOT EXISTS authledger;
      CREATE TABLE IF NOT EXISTS authledger.migrations (
        version INTEGER PRIMARY KEY, name TEXT NOT NULL,
        applied_at TIMESTAMPTZ NOT NULL DEFAULT now()
      );`);
    for (const { version, name, script } of pending) yield* apply(database, version, name, script);
  },
);

/** Another program may have applied it since: the lock is taken and the version looked up again. */
function apply(database: Database["Service"], version: number, name: string, script: string) {
  const body = `${script}
    INSERT INTO authledger.migrations (version, name) VALUES (${version}, '${name}');`;
  return database.script(`
    SELECT pg_advisory_xact_lock(${LOCK_KEY});
    DO $migration$ BEGIN
      IF NOT EXISTS (SELECT 1 FROM authledger.migrations WHERE version = ${version}) THEN
        EXECUTE $statements$${body}$statements$;
      END IF;
    END $migration$;`);
}
