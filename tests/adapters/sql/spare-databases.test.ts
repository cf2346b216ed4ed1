import * as Effect from "effect/Effect";
import { describe, expect, test } from "vitest";
import { Database } from "../../../adapters/sql/database.ts";
import { migrate, schemaVersion } from "../../../adapters/sql/migrate.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres, postgresUrl } from "../../support/postgres.ts";
import { connectTo, giveBack, once, takeDatabase } from "../../support/spare-databases.ts";

const MADE = "SELECT to_regclass('public.things') AS things, current_setting('work_mem') AS memory";

/** What is there at the beginning, then as much as a suite can leave. */
const suite = Effect.gen(function* () {
  const database = yield* Database;
  const found = { version: yield* schemaVersion, made: (yield* database.query(MADE))[0] };
  yield* migrate;
  yield* database.query("CREATE TABLE things (id INT)");
  yield* database.query("SET work_mem = '64kB'");
  return { database, found };
});

function usedAgain(name: string, layer: DatabaseLayer): void {
  test(`a suite on ${name} finds nothing of the one before, which reaches nothing`, async () => {
    const one = () => Effect.runPromise(Effect.scoped(Effect.provide(suite, layer)));
    const [first, second] = [await one(), await one()];
    expect(second.found).toEqual(first.found);
    expect(first.found).toMatchObject({ version: 0, made: { things: null } });
    expect(first.found.made).not.toMatchObject({ memory: "64kB" });
    for (const attempt of [
      first.database.query("SELECT 1"),
      first.database.script("SELECT 1"),
      first.database.transaction(({ query }) => query("SELECT 1")),
    ]) {
      expect(await Effect.runPromise(Effect.flip(attempt))).toMatchObject({ unreachable: true });
    }
  });
}

usedAgain("pglite", emptyPglite);
describe("on a server", onPostgres, () => {
  usedAgain("postgres", emptyPostgres);

  test("a program that outlives its test is sent away and does not find back", async () => {
    const base = postgresUrl ?? "";
    const url = await takeDatabase(base);
    const outliving = await connectTo(url);
    await outliving.query("BEGIN; CREATE TABLE things (id INT)");
    await giveBack(base, url);
    await expect(outliving.query("SELECT 1")).rejects.toThrow();
    await expect(once(url, "SELECT 1")).rejects.toMatchObject({ code: "3D000" });
  });
});
