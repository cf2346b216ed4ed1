import { createHash, randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Charge, Throttles } from "../../../adapters/ports/throttles.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { layer as throttles } from "../../../adapters/sql/throttles.ts";
import { throttlesContract } from "../../contracts/throttles.contract.ts";
import {
  type DatabaseLayer,
  emptyPglite,
  emptyPostgres,
  type OwnPostgres,
  ownPostgres,
} from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { keysOn } from "../../support/sql-store.ts";

const on = (database: DatabaseLayer) => throttles.pipe(Layer.provideMerge(keysOn(database)));

const OLDER = `UPDATE authledger.throttles SET told_until = told_until - $1::FLOAT8,
  expires_at = expires_at - $1, taken = ARRAY(SELECT t - $1 FROM unnest(taken) t ORDER BY t)`;
const passes = (ms: number) =>
  Effect.flatMap(Effect.service(Database), ({ query }) => query(OLDER, [ms]));

throttlesContract("pglite", () => on(emptyPglite), passes);
describe("on a server", onPostgres, () => {
  throttlesContract("postgres", () => on(emptyPostgres), passes);
});

describe("Throttles of several processes: postgres", onPostgres, () => {
  const HOUR_MS = 3_600_000;
  let own: OwnPostgres;
  const processes: Array<ManagedRuntime.ManagedRuntime<Throttles, unknown>> = [];
  beforeAll(async () => {
    own = await ownPostgres();
    for (let n = 0; n < 2; n++) {
      const runtime = ManagedRuntime.make(Layer.fresh(on(own.connect())));
      await runtime.context();
      processes.push(runtime);
    }
  });
  afterAll(async () => {
    for (const process of processes) await process.dispose();
    await own.drop();
  });
  const reserve = (n: number, ...charges: ReadonlyArray<Charge>) =>
    processes[n % processes.length]?.runPromise(
      Effect.flatMap(Effect.service(Throttles), (each) => each.reserve(charges)),
    );
  const place = (max: number, key: string = randomUUID()): Charge => ({
    bucket: "test",
    key,
    limit: { max, windowMs: HOUR_MS },
  });

  test("of 50 at once over two processes exactly as many pass as may", async () => {
    for (let round = 0; round < 5; round++) {
      const key = randomUUID();
      const charges = [
        place(3),
        place(17),
        { bucket: "growing", key, limit: { max: 3, windowMs: 10_000, delayMaxMs: 900_000 } },
      ];
      for (const charge of charges) {
        const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => reserve(n, charge)));
        expect(answers.filter((one) => one?.admitted)).toHaveLength(charge.limit.max);
        expect(answers.filter((one) => one?.admitted === false && one.first)).toHaveLength(1);
      }
    }
  });

  test("two places charged by two processes at once: neither passes its limit", async () => {
    const [shared, mine] = [place(20), place(10)];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        n % 2 === 0 ? reserve(n, mine, shared) : reserve(n, shared),
      ),
    );
    const passed = (parity: number) =>
      answers.filter((one, n) => n % 2 === parity && one?.admitted).length;
    expect(passed(0) + passed(1)).toBe(20);
    expect(passed(0)).toBeLessThanOrEqual(10);
  });

  test("no key is in the table, nor a digest that one could try keys against", async () => {
    await reserve(0, place(1, "ada@example.org 192.0.2.7"));
    const rows = await own.run("SELECT t::TEXT AS row FROM authledger.throttles t");
    const plain = createHash("sha256").update("ada@example.org 192.0.2.7").digest("hex");
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows)
      expect(String(row)).not.toMatch(new RegExp(`ada@|192\\.0\\.2\\.|${plain}`));
  });

  test("the table never outgrows what still counts", async () => {
    await own.run("TRUNCATE authledger.throttles");
    const count = async () => {
      const [row] = await own.run("SELECT count(*)::INT AS n FROM authledger.throttles");
      return Number(row?.["n"]);
    };
    for (let n = 0; n < 100; n++) await reserve(n, place(1));
    expect(await count()).toBe(100);
    await own.run(OLDER, [HOUR_MS + 1_000]);
    for (let n = 0; n < 100; n++) await reserve(n, place(1));
    expect(await count()).toBe(100);
    // What is refused beside another place leaves nothing behind either.
    const full = place(0);
    for (let n = 0; n < 100; n++) await reserve(n, place(1), full);
    expect(await count()).toBeLessThanOrEqual(101);
  });

  test("nothing of it is written ahead: the table is unlogged", async () => {
    const [row] = await own.run(
      "SELECT relpersistence AS kind FROM pg_class WHERE oid = 'authledger.throttles'::REGCLASS",
    );
    expect(row?.["kind"]).toBe("u");
  });
});
