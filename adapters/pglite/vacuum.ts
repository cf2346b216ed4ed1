import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import { Database } from "../sql/database.ts";

/** PGlite has no autovacuum. */
const INTERVAL = "1 minute";
/** Dead rows worth the time that a vacuum holds the event loop. */
const DEAD_ROWS_MIN = 2_000;

/** Vacuums and analyses what has changed much since, one table at a time, for ever. */
export const vacuumNowAndThen: Effect.Effect<never, never, Database> = Effect.gen(function* () {
  const database = yield* Database;
  const tables = yield* database.query<{ name: string }>(
    `SELECT relname AS name FROM pg_stat_user_tables
     WHERE schemaname = 'authledger' AND n_dead_tup + n_mod_since_analyze > $1`,
    [DEAD_ROWS_MIN],
  );
  for (const { name } of tables) {
    yield* database.query(`VACUUM (ANALYZE) authledger."${name}"`);
    yield* Effect.yieldNow;
  }
}).pipe(
  Effect.ignore,
  Effect.delay(INTERVAL),
  Effect.repeat(Schedule.forever),
  Effect.andThen(Effect.never),
);
