import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { Database } from "../../../adapters/sql/database.ts";
import { CLAIM } from "../../../adapters/sql/logout-notices.ts";
import { emptyPglite } from "../../support/databases.ts";
import { keysOn } from "../../support/sql-store.ts";

const SLOW = 5_000;
/** What a claim of one notice may read of two applications: some rows of the index, no more. */
const ROWS_MAX = 50;

const fill = (clientId: string, rows: number) => `INSERT INTO authledger.logout_notices
    (ledger, id, client_id, key_version, payload, next_ms, expires_ms)
  SELECT 'identity', gen_random_uuid(), '${clientId}', 1, '', n, 1000000
  FROM generate_series(1, ${rows}) AS n`;

test("a claim passes over all of a slow application, by a plan of an empty table too", async () => {
  const work = Effect.gen(function* () {
    const { query } = yield* Database;
    yield* query("SET plan_cache_mode = force_generic_plan");
    yield* query(`PREPARE claim (BIGINT, BIGINT, INTEGER, TEXT) AS ${CLAIM}`);
    const claim = `EXECUTE claim (${SLOW}, ${SLOW + 1}, 1, '["a-slow"]')`;
    expect(yield* query(claim)).toEqual([]);
    yield* query(fill("a-slow", SLOW));
    yield* query(fill("b-quick", 3));
    const lines = yield* query<{ "QUERY PLAN": string }>(
      `EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) ${claim}`,
    );
    const read = lines.map((line) => {
      const [, rows = 0, loops = 0] = line["QUERY PLAN"].match(/rows=([\d.]+) loops=(\d+)/) ?? [];
      return Number(rows) * Number(loops);
    });
    expect(Math.max(...read)).toBe(3);
    expect(read.reduce((sum, each) => sum + each, 0)).toBeLessThan(ROWS_MAX);
    expect(yield* query(claim)).toMatchObject([{ clientId: "b-quick" }]);
  });
  await Effect.runPromise(Effect.provide(work, keysOn(emptyPglite)));
});
