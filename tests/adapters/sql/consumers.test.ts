import * as Effect from "effect/Effect";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Consumers } from "../../../adapters/ports/consumers.ts";
import type { LedgerRecord } from "../../../domain/ledger/entry.ts";
import { consumersContract } from "../../contracts/consumers.contract.ts";
import { append, drafts } from "../../contracts/ledger-requests.ts";
import {
  emptyPglite,
  emptyPostgres,
  type OwnPostgres,
  ownPostgres,
} from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { ledgersOn } from "../../support/sql-store.ts";
import { until } from "../../support/until.ts";

consumersContract("pglite", () => ledgersOn(emptyPglite));
describe("on a server", onPostgres, () => {
  consumersContract("postgres", () => ledgersOn(emptyPostgres));
});

describe("A consumer and the processes it runs in: postgres", onPostgres, () => {
  let own: OwnPostgres;
  beforeAll(async () => {
    own = await ownPostgres();
  });
  afterAll(() => own.drop());

  const type = "Noted";
  const start = (handle: (record: LedgerRecord) => Effect.Effect<unknown>) => {
    const runtime = ManagedRuntime.make(ledgersOn(own.connect()));
    const consumer = { name: "test", ledger: "identity", handles: [type], handle } as const;
    const running = runtime.runPromise(
      Effect.flatMap(Effect.service(Consumers), ({ run }) => run(consumer)),
    );
    running.catch(() => {});
    return runtime;
  };
  const cursorAt = async () => {
    const [row] = await own.run(
      "SELECT position::INT AS position FROM authledger.cursors WHERE name = 'consumer:test'",
    );
    return Number(row?.["position"] ?? 0);
  };

  test("after a crash between handling and saving the record comes again, no other", async () => {
    const first: Array<number> = [];
    let crash: () => Promise<void> = async () => {};
    let crashing = false;
    let crashed = false;
    const dying = start(({ position }) =>
      Effect.suspend(() => {
        first.push(position);
        if (position < 3) return Effect.void;
        // Its work is done and its cursor never is: the scope closes while it stands here.
        if (!crashing) void crash();
        crashing = true;
        return Effect.never;
      }),
    );
    crash = async () => {
      await dying.dispose();
      crashed = true;
    };
    await dying.runPromise(append({ entries: drafts(5) }));
    await until(async () => crashed);
    expect(first).toEqual([1, 2, 3]);
    expect(await cursorAt()).toBe(2);
    const second: Array<number> = [];
    const next = start(({ position }) => Effect.sync(() => second.push(position)));
    await until(async () => (await cursorAt()) === 5);
    expect(second).toEqual([3, 4, 5]);
    await next.dispose();
  });

  test("of two processes one consumes; when it ends the other goes on where it stood", async () => {
    const seen: Array<string> = [];
    const begin = (name: string) =>
      start(({ position }) => Effect.sync(() => seen.push(`${name} ${position}`)));
    const processes = { one: begin("one"), two: begin("two") };
    const begun = await cursorAt();
    const requests = Effect.all(Array.from({ length: 10 }, () => append({})));
    await processes.one.runPromise(requests);
    await until(async () => (await cursorAt()) === begun + 10);
    const holder = seen[0]?.startsWith("one") ? "one" : "two";
    const other = holder === "one" ? "two" : "one";
    const places = (from: number) => Array.from({ length: 10 }, (_, index) => begun + from + index);
    expect(seen).toEqual(places(1).map((position) => `${holder} ${position}`));
    await processes[holder].dispose();
    await processes[other].runPromise(requests);
    await until(async () => (await cursorAt()) === begun + 20);
    expect(seen.slice(10)).toEqual(places(11).map((position) => `${other} ${position}`));
    await processes[other].dispose();
  });

  test("the lease of a process that was killed is taken when it expires, not before", async () => {
    const begun = await cursorAt();
    const [lease] = await own.run(
      `UPDATE authledger.leases SET holder = gen_random_uuid(), token = token + 1,
         expires_at = now() + INTERVAL '2 seconds'
       WHERE name = 'consumer:test' RETURNING expires_at, token::INT AS token`,
    );
    const seen: Array<number> = [];
    const next = start(({ position }) => Effect.sync(() => seen.push(position)));
    await next.runPromise(append({}));
    await until(async () => seen.length > 0);
    expect(seen).toEqual([begun + 1]);
    const [now] = await own.run(
      `SELECT now() > $1 AS expired, token::INT AS token FROM authledger.leases
       WHERE name = 'consumer:test'`,
      [lease?.["expires_at"]],
    );
    expect(now).toEqual({ expired: true, token: Number(lease?.["token"]) + 1 });
    await next.dispose();
  });

  test("a consumer that can follow again says so, although nothing happens", async () => {
    await own.run(
      `INSERT INTO authledger.consumer_problems (ledger, name, position, problem, tries)
       VALUES ('identity', 'test', 1, 'LedgerCorrupt', 1)`,
    );
    const next = start(() => Effect.die("there is nothing to handle"));
    await next.runPromise(Effect.void);
    const standing = "SELECT 1 FROM authledger.consumer_problems WHERE name = 'test'";
    await until(async () => (await own.run(standing)).length === 0);
    await next.dispose();
  });

  test("a consumer that was replaced does not begin again at the first event", async () => {
    const begun = await cursorAt();
    await own.run("UPDATE authledger.cursors SET token = 1000000 WHERE name = 'consumer:test'");
    const seen: Array<number> = [];
    const fenced = start(({ position }) => Effect.sync(() => seen.push(position)));
    await fenced.runPromise(append({}));
    const held = "SELECT token FROM authledger.leases WHERE name = 'consumer:test' AND token >= $1";
    const [lease] = await own.run("SELECT token::INT + 2 AS token FROM authledger.leases");
    await until(async () => (await own.run(held, [lease?.["token"]])).length > 0);
    expect(seen).toEqual([]);
    expect(await cursorAt()).toBe(begun);
    await fenced.dispose();
  });
});
