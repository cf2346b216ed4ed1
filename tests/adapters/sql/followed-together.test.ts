import { randomUUID } from "node:crypto";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import * as Schedule from "effect/Schedule";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ReadModels } from "../../../adapters/ports/read-models.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { layer as readModels } from "../../../adapters/sql/read-models.ts";
import type { ReadModel } from "../../../projections/catalogue.ts";
import { counts, note } from "../../contracts/counts.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { ledgersOn } from "../../support/sql-store.ts";

const DEADLINE_MS = 10_000;

/** The same fold in another table; no database stores what it sorts the number 13 by. */
const tallies: ReadModel = {
  ...counts,
  name: "tallies",
  index: ({ count }) => ({ sort: count === 13 ? "\0" : `s${count}`, tags: [] }),
};

const sql = (statement: string, parameters: ReadonlyArray<unknown> = []) =>
  Effect.flatMap(Effect.service(Database), ({ query }) =>
    query<Readonly<Record<string, unknown>>>(statement, parameters),
  );

/** A process that folds both models, until `use` is done. */
const folding = <A, E, R>(use: (models: ReadModels["Service"]) => Effect.Effect<A, E, R>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const layer = readModels({ run: true, models: [counts, tallies] });
      return yield* use(Context.get(yield* Layer.build(layer), ReadModels));
    }),
  );

const countsIn = (models: ReadModels["Service"], key: string) =>
  Effect.forEach(["counts", "tallies"], (model) =>
    Effect.map(models.get(model, key), (row) => row?.row["count"]),
  );

const reachBoth = (models: ReadModels["Service"], position: number) =>
  Effect.forEach(["counts", "tallies"], (model) => models.reach(model, position, DEADLINE_MS));

function followedTogether(name: string, database: DatabaseLayer): void {
  describe(`Models that follow a ledger together: ${name}`, () => {
    const runtime = ManagedRuntime.make(ledgersOn(database));
    beforeAll(() => runtime.runPromise(Effect.void));
    afterAll(() => runtime.dispose());
    const on = runtime.runPromise;

    test("one write moves both; none when another holder has moved one of them", async () => {
      const key = randomUUID();
      const held = await on(
        folding((models) =>
          Effect.gen(function* () {
            yield* reachBoth(models, yield* note(key, "Noted"));
            // As if another holder of the lease had fenced one cursor off.
            yield* sql("UPDATE authledger.cursors SET token = token + 9 WHERE name = 'tallies'");
            const position = yield* note(key, "Noted");
            const late = yield* Effect.flip(models.reach("counts", position, 500));
            return { late, rows: yield* countsIn(models, key) };
          }),
        ),
      );
      expect(held.late).toMatchObject({ _tag: "NotYet" });
      expect(held.rows).toEqual([1, 1]);
      await on(sql("UPDATE authledger.cursors SET token = token - 9 WHERE name = 'tallies'"));
      const rows = await on(
        folding((models) =>
          Effect.gen(function* () {
            yield* reachBoth(models, yield* note(key, "Noted"));
            return yield* countsIn(models, key);
          }),
        ),
      );
      expect(rows).toEqual([3, 3]);
    });

    test("one that stands further back goes on from there; nothing is folded twice", async () => {
      const key = randomUUID();
      const last = await on(
        folding((models) =>
          Effect.tap(note(key, "Noted", "Noted", "Noted"), (position) =>
            reachBoth(models, position),
          ),
        ),
      );
      await on(
        sql(
          `UPDATE authledger.cursors SET position = $1, leaf = (SELECT encode(sha256(
               '\\x00'::BYTEA || entry), 'hex') FROM authledger.identity_events WHERE position = $1)
           WHERE name = 'tallies' AND active`,
          [last - 2],
        ),
      );
      const rows = await on(
        folding((models) =>
          Effect.gen(function* () {
            yield* reachBoth(models, yield* note(key, "Noted"));
            return yield* countsIn(models, key);
          }),
        ),
      );
      expect(rows).toEqual([4, 4]);
    });

    test("what the database refuses of one stops that one alone", async () => {
      const key = randomUUID();
      const refused = await on(
        folding((models) =>
          Effect.gen(function* () {
            yield* reachBoth(models, yield* note(key, ...Array(12).fill("Noted")));
            const position = yield* note(key, "Noted");
            yield* models.reach("counts", position, DEADLINE_MS);
            const late = yield* Effect.flip(models.reach("tallies", position, 800));
            const again = yield* note(randomUUID(), "Noted");
            yield* models.reach("counts", again, DEADLINE_MS);
            return { late, rows: yield* countsIn(models, key), status: yield* models.status };
          }),
        ),
      );
      expect(refused.late).toMatchObject({ _tag: "NotYet", model: "tallies" });
      expect(refused.rows).toEqual([13, 12]);
      expect(refused.status.map(({ model, problem }) => [model, problem !== undefined])).toEqual([
        ["counts", false],
        ["tallies", true],
      ]);
    });

    test("a cursor of another history stops its own model alone", async () => {
      await on(
        sql(
          `UPDATE authledger.cursors c SET leaf = repeat('00', 32),
             position = (SELECT position FROM authledger.heads WHERE ledger = 'identity')
           WHERE c.name = 'tallies' AND c.active`,
        ),
      );
      const status = await on(
        folding((models) =>
          Effect.gen(function* () {
            yield* models.reach("counts", yield* note(randomUUID(), "Noted"), DEADLINE_MS);
            // The other's trouble is found beside that, maybe after it.
            return yield* Effect.repeat(models.status, {
              until: (all) => all.some(({ problem }) => problem !== undefined),
              schedule: Schedule.spaced("10 millis"),
            });
          }),
        ),
      );
      expect(status.map(({ model, problem }) => [model, problem ?? ""])).toEqual([
        ["counts", ""],
        ["tallies", expect.stringMatching(/^Cannot resume identity at position \d+: another/)],
      ]);
    });
  });
}

followedTogether("pglite", emptyPglite);
describe("on a server", onPostgres, () => followedTogether("postgres", emptyPostgres));
