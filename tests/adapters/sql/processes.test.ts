import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as ManagedRuntime from "effect/ManagedRuntime";
import * as Stream from "effect/Stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cursor, Ledgers, START } from "../../../adapters/ports/ledger.ts";
import type { LedgerRecord } from "../../../domain/ledger/entry.ts";
import { append, drafts, headOf, newRequest, together } from "../../contracts/ledger-requests.ts";
import { type OwnPostgres, ownPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { connectTo } from "../../support/spare-databases.ts";
import { ledgersOn } from "../../support/sql-store.ts";
import { until } from "../../support/until.ts";

const WRITERS = 8;
const APPENDS = 40;

type Process = ManagedRuntime.ManagedRuntime<Ledgers, unknown>;

/** Follows until the position is seen, going on where it stood after a lost connection. */
const followTo = (cursor: Cursor, position: number) =>
  Effect.gen(function* () {
    const { identity } = yield* Ledgers;
    const seen: Array<LedgerRecord> = [];
    const goOn = Effect.suspend(() => {
      const last = seen.at(-1);
      const from = last === undefined ? cursor : { ...cursor, ...placeOf(last) };
      return identity.follow(from).pipe(
        Stream.takeUntil((batch) => (batch.at(-1)?.position ?? 0) >= position),
        Stream.runForEach((batch) => Effect.sync(() => seen.push(...batch))),
      );
    });
    yield* Effect.retry(goOn, { while: ({ _tag }) => _tag === "LedgerUnavailable" });
    return seen;
  });

const placeOf = ({ position, leaf }: LedgerRecord) => ({ position, leaf });
const placesOf = (records: ReadonlyArray<LedgerRecord>) =>
  records.map(({ position, leaf }) => `${position} ${leaf}`);
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("Two processes on one Postgres database", onPostgres, () => {
  let own: OwnPostgres;
  let processes: readonly [Process, Process];
  beforeAll(async () => {
    own = await ownPostgres();
    processes = [
      ManagedRuntime.make(ledgersOn(own.connect())),
      ManagedRuntime.make(ledgersOn(own.connect())),
    ];
    // At once, on an empty database: one of them makes the schema, and one the keys.
    await Promise.all(processes.map((each) => each.runPromise(Effect.void)));
  });
  afterAll(async () => {
    await Promise.all(processes.map((each) => each.dispose()));
    await own.drop();
  });

  /** Both write at once and follow from the cursor; what each follower saw. */
  async function bothWrite(cursor: Cursor, meanwhile: () => Promise<void> = async () => {}) {
    const last = cursor.position + 2 * WRITERS * APPENDS;
    const runs = processes.map((each) => {
      const writer = Effect.forEach(Array.from({ length: APPENDS }), () => append({}));
      const writers = together(WRITERS, () => writer);
      return each.runPromise(
        Effect.all([followTo(cursor, last), writers], { concurrency: "unbounded" }),
      );
    });
    await meanwhile();
    const results = await Promise.all(runs);
    const acknowledged = results.flatMap(([, written]) =>
      written.flat().map(({ position }) => position),
    );
    return { seen: results.map(([seen]) => seen), acknowledged, last };
  }

  test("eight writers each: both followers see each position once, same leaves", async () => {
    const cursor = await processes[0].runPromise(headOf("identity"));
    const { seen, acknowledged, last } = await bothWrite(cursor);
    const wanted = range(cursor.position + 1, last);
    expect(acknowledged.toSorted((a, b) => a - b)).toEqual(wanted);
    for (const records of seen) {
      expect(records.map(({ position }) => position)).toEqual(wanted);
    }
    expect(placesOf(seen[0] ?? [])).toEqual(placesOf(seen[1] ?? []));
  });

  test("one claim through different processes: exactly one gets it", async () => {
    for (let round = 0; round < 10; round++) {
      const digest = randomUUID();
      const results = await Promise.all(
        processes.map((each, index) => {
          const owner = `user:${round}-${index}`;
          const take = [{ kind: "email", digest, owner }];
          return each.runPromise(Effect.result(append({ claims: { take } })));
        }),
      );
      expect(results.map(({ _tag }) => _tag).toSorted()).toEqual(["Failure", "Success"]);
      const lost = results.find(({ _tag }) => _tag === "Failure");
      expect(lost).toMatchObject({ failure: { _tag: "ClaimTaken", kind: "email" } });
    }
  });

  test("the same request through both processes at once is appended once", async () => {
    for (let round = 0; round < 10; round++) {
      const request = { requestId: newRequest(), stream: `note-${randomUUID()}` };
      const entries = drafts(3);
      const answers = await Promise.all(
        processes.map((each) => each.runPromise(append({ ...request, entries }))),
      );
      expect(answers[0]?.position).toBe(answers[1]?.position);
      expect(answers.filter(({ repeated }) => repeated)).toHaveLength(1);
    }
  });

  test("connections killed under load: nothing is lost and nothing is there twice", async () => {
    const cursor = await processes[0].runPromise(headOf("identity"));
    const admin = await connectTo(own.url);
    let killed = 0;
    let done = false;
    const killing = (async () => {
      while (!done) {
        // Whoever is appending now, some before its commit and some after; and LISTEN too.
        const { rows } = await admin.query<{ count: number }>(
          `SELECT count(pg_terminate_backend(pid))::INT AS count FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.3`,
        );
        killed += rows[0]?.count ?? 0;
        await processes[0].runPromise(Effect.sleep("30 millis"));
      }
    })();
    const { seen, acknowledged, last } = await bothWrite(cursor).finally(() => {
      done = true;
    });
    await killing;
    await admin.end();
    expect(killed).toBeGreaterThan(5);
    const wanted = range(cursor.position + 1, last);
    expect(acknowledged.toSorted((a, b) => a - b)).toEqual(wanted);
    for (const records of seen) {
      expect(records.map(({ position }) => position)).toEqual(wanted);
    }
    expect(placesOf(seen[0] ?? [])).toEqual(placesOf(seen[1] ?? []));
    const { position } = await processes[1].runPromise(headOf("identity"));
    expect(position).toBe(last);
  });

  test("a follower goes on when every LISTEN connection was terminated", async () => {
    const [here, there] = processes;
    const cursor = await here.runPromise(headOf("identity"));
    const following = there.runPromise(followTo(cursor, cursor.position + 2));
    await here.runPromise(append({}));
    const listening =
      "FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^LISTEN'";
    await until(async () => (await own.run(`SELECT pid ${listening}`)).length === 2);
    expect(await own.run(`SELECT pg_terminate_backend(pid) ${listening}`)).toHaveLength(2);
    await here.runPromise(append({}));
    const seen = await following;
    expect(seen.map(({ position }) => position)).toEqual(
      range(cursor.position + 1, cursor.position + 2),
    );
  });

  test("long transactions, here and in another database, stall no follower", async () => {
    const [here, there] = processes;
    const other = await ownPostgres();
    await other.run("CREATE TABLE things (id INT)");
    const elsewhere = await connectTo(other.url);
    const long = await connectTo(own.url);
    try {
      await elsewhere.query("BEGIN; INSERT INTO things VALUES (1)");
      await long.query(
        `BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_current_xact_id();
         SELECT count(*) FROM authledger.identity_events;
         SELECT count(*) FROM authledger.activity_events;
         CREATE TEMPORARY TABLE mine (id INT)`,
      );
      const cursor = await here.runPromise(headOf("identity"));
      const following = there.runPromise(followTo(cursor, cursor.position + 20));
      for (let count = 0; count < 20; count++) await here.runPromise(append({}));
      expect(placesOf(await following)).toHaveLength(20);
      // The first append of a month makes a partition, and waits for no reader of the others.
      await here.runPromise(append({}, "activity"));
      await own.run("SELECT authledger.ensure_activity_partition('2031-01-01')");
    } finally {
      await elsewhere.end();
      await long.end();
      await other.drop();
    }
  });

  test("a follower from the start sees what both processes wrote", async () => {
    const { position } = await processes[0].runPromise(headOf("identity"));
    const seen = await processes[1].runPromise(followTo(START, position));
    expect(seen.map((record) => record.position)).toEqual(range(1, position));
  });
});
