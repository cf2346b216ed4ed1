import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { describe, expect, test } from "vitest";
import { GuestBook } from "../../../adapters/ports/guest-book.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { layer as guestBook } from "../../../adapters/sql/guest-book.ts";
import { migrate } from "../../../adapters/sql/migrate.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";

const GUESTS = 5_000;
const NOW = Date.parse("2026-11-21T00:00:00.000Z");

const fill = `INSERT INTO authledger.guest_book (ledger, user_id, seen_ms)
  SELECT 'identity', gen_random_uuid(), n FROM generate_series(1, ${GUESTS}) AS n`;
const ADMIT = "SELECT authledger.admit_guest($1, $2, $3, 20, 0)::TEXT AS id";
const counted = `SELECT (SELECT present FROM authledger.guest_book_turn) AS kept,
  (SELECT count(*)::INT FROM authledger.guest_book WHERE leaving_ms IS NULL) AS present`;
/** Of this transaction. */
const rowsRead = `SELECT (seq_tup_read + idx_tup_fetch)::INT AS read
  FROM pg_stat_xact_user_tables WHERE schemaname = 'authledger' AND relname = 'guest_book'`;

function countOn(name: string, database: DatabaseLayer): void {
  const run = <A, E>(effect: Effect.Effect<A, E, Database | GuestBook>) => {
    const migrated = Layer.effectDiscard(migrate).pipe(Layer.provideMerge(Layer.fresh(database)));
    return Effect.runPromise(Effect.provide(effect, Layer.provideMerge(guestBook, migrated)));
  };

  describe(`Guests are counted as they come and go: ${name}`, () => {
    test("whoever is admitted does not count the others", async () => {
      const program = Effect.gen(function* () {
        const { query, transaction } = yield* Database;
        yield* query(fill);
        yield* query("ANALYZE authledger.guest_book");
        return yield* transaction((session) =>
          Effect.gen(function* () {
            const admit = [randomUUID(), NOW, GUESTS - 1];
            const gone = yield* session.query(ADMIT, admit);
            const [row] = yield* session.query<{ read: number }>(rowsRead);
            return { gone: gone.length, read: row?.read ?? Number.NaN };
          }),
        );
      });
      const { gone, read } = await run(program);
      expect(gone).toBe(2);
      expect(read).toBeLessThan(100);
    });

    test("the count is right whatever happened at once, and after what was undone", async () => {
      const program = Effect.gen(function* () {
        const { query, transaction } = yield* Database;
        const book = yield* GuestBook;
        const ids = Array.from({ length: 30 }, () => randomUUID());
        const comings = ids.map((userId) => book.admit({ userId, nowMs: NOW, max: 12 }));
        const goings = ids.flatMap((userId) => [book.enter(userId, NOW), book.leave(userId)]);
        const again = ids.slice(9).map((userId) => book.admit({ userId, nowMs: NOW, max: 12 }));
        const all = [...comings, ...goings, ...again];
        yield* Effect.all(all, { concurrency: "unbounded", discard: true });
        yield* Effect.ignore(
          transaction((session) => Effect.andThen(session.query(fill), Effect.fail("undone"))),
        );
        const [row] = yield* query<{ kept: number; present: number }>(counted);
        return row;
      });
      const row = await run(program);
      expect(row?.present).toBeGreaterThan(0);
      expect(row?.kept).toBe(row?.present);
    });
  });
}

countOn("pglite", emptyPglite);
describe("on a server", onPostgres, () => countOn("postgres", emptyPostgres));
