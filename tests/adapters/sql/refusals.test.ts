import { randomUUID } from "node:crypto";
import * as Clock from "effect/Clock";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Keyring } from "../../../adapters/ports/keyring.ts";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { layer as ledgersLayer } from "../../../adapters/sql/ledger.ts";
import {
  append,
  drafts,
  headOf,
  newStream,
  revisionsOf,
  together,
} from "../../contracts/ledger-requests.ts";
import {
  type DatabaseLayer,
  emptyPglite,
  emptyPostgres,
  type OwnPostgres,
  ownPostgres,
} from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { connectTo } from "../../support/spare-databases.ts";
import { ledgersOn } from "../../support/sql-store.ts";
import { until } from "../../support/until.ts";

type Services = Layer.Success<ReturnType<typeof ledgersOn>>;
type On = <A, E>(effect: Effect.Effect<A, E, Services>) => Promise<A>;

refusals("pglite", emptyPglite);
describe("on a server", onPostgres, () => refusals("postgres", emptyPostgres));

function refusals(name: string, database: DatabaseLayer): void {
  describe(`Refusals: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Services, unknown>;
    const on: On = (effect) => runtime.runPromise(effect);
    beforeAll(() => {
      runtime = ManagedRuntime.make(ledgersOn(database));
    });
    afterAll(() => runtime.dispose());
    skewed(on);
    defective(on);
  });
}

/** A clock that many milliseconds ahead of this machine's, which is also the database's. */
const ahead = (ms: () => number): Clock.Clock => ({
  currentTimeMillisUnsafe: () => Date.now() + ms(),
  currentTimeMillis: Effect.sync(() => Date.now() + ms()),
  currentTimeNanosUnsafe: () => BigInt(Date.now() + ms()) * 1_000_000n,
  currentTimeNanos: Effect.sync(() => BigInt(Date.now() + ms()) * 1_000_000n),
  monotonicTimeNanosUnsafe: () => process.hrtime.bigint(),
  monotonicTimeNanos: Effect.sync(() => process.hrtime.bigint()),
  sleep: () => Effect.never,
});

/** Appends as a process whose clock is off would. */
const appendAhead = (ms: () => number, stream: string, onSend = () => {}) =>
  Effect.scoped(
    Effect.gen(function* () {
      const database = yield* Database;
      const query: Database["Service"]["query"] = (statement, parameters) => {
        if (statement.includes("authledger.append_")) onSend();
        return database.query(statement, parameters);
      };
      const off = Layer.fresh(ledgersLayer).pipe(
        Layer.provide(Layer.succeed(Database, { ...database, query })),
        Layer.provide(Layer.succeed(Clock.Clock, ahead(ms))),
      );
      const { identity } = Context.get(yield* Layer.build(off), Ledgers);
      return yield* identity.append({
        requestId: randomUUID(),
        stream,
        expect: "any",
        entries: drafts(1),
        meta: { actor: "process:test", correlation: randomUUID() },
      });
    }),
  );

function skewed(on: On): void {
  test.each([2_600, -2_600])(
    "a clock %i ms from the database's is refused, nothing appended",
    async (ms) => {
      const stream = newStream();
      const before = await on(headOf("identity"));
      const error = await on(Effect.flip(appendAhead(() => ms, stream)));
      expect(error).toMatchObject({ _tag: "ClockSkewed" });
      const { skewMs } = error as { readonly skewMs: number };
      expect(Math.abs(skewMs - ms)).toBeLessThan(500);
      expect(await on(headOf("identity"))).toEqual(before);
    },
  );

  test.each([1_400, -1_400])("a clock %i ms from the database's may append", async (ms) => {
    const stream = newStream();
    await on(appendAhead(() => ms, stream));
    expect(await on(revisionsOf(stream))).toEqual([0]);
  });

  test("stamps that grew old while their flush waited are made again", async () => {
    const stream = newStream();
    let sent = 0;
    // When it is sent, that much time has gone by.
    const waited = () => (sent === 0 ? -2_600 : 0);
    await on(
      appendAhead(waited, stream, () => {
        sent += 1;
      }),
    );
    expect(sent).toBe(2);
    expect(await on(revisionsOf(stream))).toEqual([0]);
  });
}

function defective(on: On): void {
  // Defects of callers, each refused by the database with all of its batch.
  const nul = { stream: "note-\u0000" };
  const twice = {
    id: randomUUID(),
    kind: "password",
    owner: "user:ada",
    version: 1,
    ciphertext: new Uint8Array(9),
  };
  const rowTwice = { vault: { put: [twice, twice] } };
  const beyond = { expect: { exact: 2 ** 70 } };
  test.each([
    ["a stream name with NUL", nul],
    ["one vault row twice", rowTwice],
    ["a revision past the integers", beyond],
  ])("%s is refused alone; the rest of its batch passes in order", async (_title, defect) => {
    const stream = newStream();
    const results = await on(
      together(23, (index) =>
        Effect.result(append(index % 10 === 5 ? { stream, ...defect } : { stream })),
      ),
    );
    const failed = results.flatMap(({ _tag }, index) => (_tag === "Failure" ? [index] : []));
    expect(failed).toEqual([5, 15]);
    for (const index of failed) {
      expect(results[index]).toMatchObject({ failure: { _tag: "LedgerUnavailable" } });
    }
    const passed = results.filter(({ _tag }) => _tag === "Success");
    expect(passed.map((result) => "success" in result && result.success.revision)).toEqual(
      passed.map((_, revision) => revision),
    );
    expect(await on(revisionsOf(stream))).toHaveLength(21);
  });

  test("a defect of this program refuses its batch and the queue goes on", async () => {
    const broken = Layer.fresh(ledgersLayer).pipe(
      Layer.provide(
        Layer.effect(
          Keyring,
          Effect.map(Effect.service(Keyring), (keyring) => {
            let calls = 0;
            const mac: typeof keyring.mac = (ledger, leaf) => {
              if (++calls === 1) throw new Error("the first MAC fails");
              return keyring.mac(ledger, leaf);
            };
            return { ...keyring, mac };
          }),
        ),
      ),
    );
    const stream = newStream();
    const request = (requestId: string) => ({
      requestId,
      stream,
      expect: "any" as const,
      entries: drafts(1),
      meta: { actor: "process:test" as const, correlation: randomUUID() },
    });
    const program = Effect.gen(function* () {
      const { identity } = Context.get(yield* Layer.build(broken), Ledgers);
      const error = yield* Effect.flip(identity.append(request("one")));
      return { error, appended: yield* identity.append(request("two")) };
    });
    const { error, appended } = await on(Effect.scoped(program));
    expect(error).toMatchObject({ _tag: "LedgerUnavailable" });
    expect(appended).toMatchObject({ revision: 0 });
  });
}

describe("A full queue: postgres", onPostgres, () => {
  /** As in group-commit.ts. */
  const QUEUE_MAX = 8_192;
  const FLUSH_MAX = 256;
  let own: OwnPostgres;
  beforeAll(async () => {
    own = await ownPostgres();
  });
  afterAll(() => own.drop());

  test("past it a request is refused as busy; what waited is appended, once each", async () => {
    const runtime = ManagedRuntime.make(ledgersOn(own.connect()));
    await runtime.runPromise(Effect.void);
    const holder = await connectTo(own.url);
    await holder.query("BEGIN; SELECT FROM authledger.heads WHERE ledger = 'identity' FOR UPDATE");
    const waiting = `SELECT 1 FROM pg_stat_activity
       WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    const first = runtime.runPromise(append({}));
    await until(async () => (await own.run(waiting)).length === 1);
    const asked = runtime.runPromise(
      together(QUEUE_MAX + FLUSH_MAX, () => Effect.result(append({}))),
    );
    await holder.query("COMMIT");
    await holder.end();
    await first;
    const results = await asked;
    const busy = results.filter(({ _tag }) => _tag === "Failure");
    expect(busy).toHaveLength(FLUSH_MAX);
    expect(busy[0]).toMatchObject({ failure: { _tag: "LedgerBusy", retryAfterMs: 1_000 } });
    const { position } = await runtime.runPromise(headOf("identity"));
    expect(position).toBe(1 + QUEUE_MAX);
    await runtime.dispose();
  });

  test("closing the layer appends what is queued and refuses what comes later", async () => {
    const runtime = ManagedRuntime.make(ledgersOn(own.connect()));
    const { position } = await runtime.runPromise(headOf("identity"));
    const { identity } = await runtime.runPromise(Effect.service(Ledgers));
    const request = () => ({
      requestId: randomUUID(),
      stream: newStream(),
      expect: "any" as const,
      entries: drafts(1),
      meta: { actor: "process:test" as const, correlation: randomUUID() },
    });
    const queued = Effect.runPromise(together(600, () => identity.append(request())));
    await runtime.dispose();
    const places = (await queued).map((appended) => appended.position);
    expect(places.toSorted((a, b) => a - b).at(-1)).toBe(position + 600);
    const late = await Effect.runPromise(Effect.flip(identity.append(request())));
    expect(late).toMatchObject({ _tag: "LedgerBusy" });
  });
});
