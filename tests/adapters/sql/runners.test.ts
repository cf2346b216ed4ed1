import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { ReadModels } from "../../../adapters/ports/read-models.ts";
import { advance } from "../../../adapters/sql/advance.ts";
import { activeBuild } from "../../../adapters/sql/builds.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { layer as readModels } from "../../../adapters/sql/read-models.ts";
import { counts, note } from "../../contracts/counts.ts";
import { type DatabaseLayer, type OwnPostgres, ownPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { ledgersOn } from "../../support/sql-store.ts";
import { until } from "../../support/until.ts";

const DEADLINE_MS = 10_000;

const processOn = (database: DatabaseLayer, run: boolean) =>
  ManagedRuntime.make(
    readModels({ run, models: [counts] }).pipe(Layer.provideMerge(ledgersOn(database))),
  );
type Process = ReturnType<typeof processOn>;

const reach = (position: number, deadlineMs = DEADLINE_MS) =>
  Effect.flatMap(Effect.service(ReadModels), (models) =>
    models.reach("counts", position, deadlineMs),
  );
const countOf = (key: string) =>
  Effect.map(
    Effect.flatMap(Effect.service(ReadModels), ({ get }) => get("counts", key)),
    (row) => row?.row["count"],
  );
/** As if notifications never came: polling alone must do. */
const deaf = (database: DatabaseLayer): DatabaseLayer =>
  Layer.effect(
    Database,
    Effect.map(Effect.service(Database), (open) => ({ ...open, listen: () => Effect.void })),
  ).pipe(Layer.provide(database));

describe("Processes that fold one Postgres database", onPostgres, () => {
  let own: OwnPostgres;
  let started: Array<Process> = [];
  beforeAll(async () => {
    own = await ownPostgres();
  });
  const stop = async () => {
    await Promise.all(started.map((each) => each.dispose()));
    started = [];
  };
  afterAll(async () => {
    await stop();
    await own.drop();
  });
  const start = (
    run: boolean,
    as: (database: DatabaseLayer) => DatabaseLayer = (given) => given,
  ) => {
    const made = processOn(as(own.connect()), run);
    started.push(made);
    return made;
  };
  const lease = async () => {
    const [row] = await own.run(
      `SELECT l.token::INT AS token, l.holder::TEXT AS holder, c.token::INT AS writing
       FROM authledger.leases l JOIN authledger.cursors c ON c.name = 'counts' AND c.active
       WHERE l.name = 'projections'`,
    );
    return row as { token: number; holder: string; writing: number } | undefined;
  };

  test("one of two folds; when its scope closes the other takes over", async () => {
    const processes = [start(true), start(true)] as const;
    const key = randomUUID();
    await processes[0].runPromise(Effect.andThen(note(key, "Noted"), Effect.void));
    await until(async () => ((await lease())?.writing ?? 0) > 0);
    const before = await lease();
    for (const each of processes) {
      const position = await each.runPromise(note(key, "Noted"));
      for (const any of processes) await any.runPromise(reach(position));
    }
    expect(await lease()).toEqual(before);
    expect(await processes[1].runPromise(countOf(key))).toBe(3);
    // Whichever it was, one is left.
    await processes[0].dispose();
    const position = await processes[1].runPromise(note(key, "Noted"));
    await processes[1].runPromise(reach(position));
    expect(await processes[1].runPromise(countOf(key))).toBe(4);
    await stop();
  });

  test("the lease of a process that was killed is taken when it expires", async () => {
    await own.run(
      `UPDATE authledger.leases SET holder = gen_random_uuid(), token = token + 1,
         expires_at = now() + INTERVAL '1500 milliseconds' WHERE name = 'projections'`,
    );
    const dead = await lease();
    const next = start(true);
    const key = randomUUID();
    const position = await next.runPromise(note(key, "Noted"));
    const late = await next.runPromise(Effect.flip(reach(position, 200)));
    expect(late).toMatchObject({ _tag: "NotYet", model: "counts", wanted: position });
    await next.runPromise(reach(position));
    expect(await lease()).toMatchObject({ token: (dead?.token ?? 0) + 1 });
    await stop();
  });

  test("a paused holder that was replaced writes nothing more, and stops", async () => {
    const paused = start(true);
    const key = randomUUID();
    await paused.runPromise(Effect.flatMap(note(key, "Noted"), (position) => reach(position)));
    const stale = await paused.runPromise(
      Effect.flatMap(Effect.service(Database), (database) => activeBuild(database, "counts")),
    );
    const before = await lease();
    // Its lease expired while it stood still, and the next holder has fenced the cursor off.
    await own.run(
      `UPDATE authledger.leases SET holder = gen_random_uuid(), token = token + 1,
         expires_at = now() + INTERVAL '1 hour' WHERE name = 'projections'`,
    );
    await own.run("UPDATE authledger.cursors SET token = token + 1 WHERE name = 'counts'");
    const position = await paused.runPromise(note(key, "Noted"));
    const tables = `SELECT c.position, c.digest, c.token,
      (SELECT row FROM authledger.counts WHERE key = '${key}') AS row,
      (SELECT count(*) FROM authledger.counts_events WHERE key = '${key}') AS events
      FROM authledger.cursors c WHERE c.name = 'counts'`;
    const held = await own.run(tables);
    const written = await paused.runPromise(
      Effect.gen(function* () {
        const database = yield* Database;
        const { identity } = yield* Ledgers;
        const records = yield* identity.read({ from: (stale?.cursor.position ?? 0) + 1 });
        if (stale === undefined) return "no build";
        const folding = { model: counts, build: stale, parked: new Set<string>() };
        return yield* advance(database, [folding], { records, epoch: stale.cursor.epoch });
      }),
    );
    expect(written).toBeUndefined();
    expect(await own.run(tables)).toEqual(held);
    expect(await paused.runPromise(Effect.flip(reach(position, 300)))).toMatchObject({
      _tag: "NotYet",
      reached: position - 1,
    });
    expect(await own.run(tables)).toEqual(held);
    expect((await lease())?.token).toBe((before?.token ?? 0) + 1);
    // Given back, it goes on where it stood.
    await own.run("UPDATE authledger.leases SET expires_at = now() WHERE name = 'projections'");
    await paused.runPromise(reach(position));
    expect(await paused.runPromise(countOf(key))).toBe(2);
    await stop();
  });

  test.each([
    ["notifications", (database: DatabaseLayer) => database],
    ["polling alone", deaf],
  ])("a process that folds nothing hears of it by %s", async (_how, as) => {
    const [folding, asking] = [start(true), start(false, as)];
    const key = randomUUID();
    await folding.runPromise(Effect.flatMap(note(key, "Noted"), (position) => reach(position)));
    const position = await asking.runPromise(note(key, "Noted"));
    await asking.runPromise(reach(position));
    expect(await asking.runPromise(countOf(key))).toBe(2);
    // And the other way round: what the asking process appended was followed.
    const last = await folding.runPromise(note(key, "Noted"));
    await asking.runPromise(reach(last));
    await stop();
  });

  test("what nobody folds is not reached; past the head is said at once", async () => {
    const asking = start(false);
    const position = await asking.runPromise(note(randomUUID(), "Noted"));
    const begun = performance.now();
    const late = await asking.runPromise(Effect.flip(reach(position, 250)));
    expect(late).toMatchObject({ _tag: "NotYet", wanted: position, reached: position - 1 });
    expect(performance.now() - begun).toBeGreaterThan(240);
    const past = await asking.runPromise(Effect.flip(reach(position + 1, 60_000)));
    expect(past).toMatchObject({ _tag: "PastHead", wanted: position + 1, head: position });
    await stop();
  });

  test("folding goes on when every connection was killed", async () => {
    const folding = start(true);
    const key = randomUUID();
    await folding.runPromise(Effect.flatMap(note(key, "Noted"), (position) => reach(position)));
    for (let round = 0; round < 3; round++) {
      await own.run(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      const position = await folding.runPromise(note(key, "Noted"));
      await folding.runPromise(reach(position).pipe(Effect.retry({ times: 3 })));
    }
    expect(await folding.runPromise(countOf(key))).toBe(4);
    await stop();
  });
});
