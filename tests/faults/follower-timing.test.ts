import * as Effect from "effect/Effect";
import * as ManagedRuntime from "effect/ManagedRuntime";
import * as Redacted from "effect/Redacted";
import * as Stream from "effect/Stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stamp } from "../../adapters/commit/stamp.ts";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { Ledgers, START } from "../../adapters/ports/ledger.ts";
import { layer as postgresLayer } from "../../adapters/postgres/database.ts";
import { appendBatch } from "../../adapters/sql/append.ts";
import { Database } from "../../adapters/sql/database.ts";
import { append, drafts, meta, newRequest, newStream } from "../contracts/ledger-requests.ts";
import { until } from "../support/faults-eventually.ts";
import { anyPostgres, connect, onAnyPostgres, query } from "../support/faults-postgres.ts";
import { ROUNDS, ROUNDS_TIMEOUT_MS, say } from "../support/faults-rounds.ts";
import { ledgersOn } from "../support/sql-store.ts";

const PROCESSES = 3;
const WRITERS_EACH = 4;
const APPENDS_EACH = 15;
/** Longer than a flush, so that others queue behind it. */
const DELAY_MS_MAX = 8;

/** Each commit waits a while between its inserts and its end, with positions already taken. */
const slowCommits = `
  CREATE FUNCTION slow_commit() RETURNS TRIGGER LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_sleep(random() * ${DELAY_MS_MAX / 1_000}); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON authledger.identity_events
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow_commit()`;

const processOn = (url: string) =>
  ManagedRuntime.make(ledgersOn(postgresLayer({ url: Redacted.make(url) })));
type Process = ReturnType<typeof processOn>;

const pause = Effect.suspend(() => Effect.sleep(Math.random() * DELAY_MS_MAX));

/** Appends for real up to the commit, holding the head, and takes it back. */
const rolledBack = Effect.gen(function* () {
  const database = yield* Database;
  const keyring = yield* Keyring;
  const request = {
    requestId: newRequest(),
    stream: newStream(),
    expect: "any",
    entries: drafts(2),
    meta: meta(),
  } as const;
  const atMs = Date.now();
  const stamped = stamp(keyring, "identity", request, new Date(atMs).toISOString());
  const appending = database.transaction((session) =>
    appendBatch(session, "identity", atMs, [{ request, stamped }]).pipe(
      Effect.tap(() => pause),
      Effect.flatMap((results) => Effect.fail({ results })),
    ),
  );
  const refused = yield* Effect.flip(appending);
  expect(refused).toHaveProperty("results.0.appended.repeated", false);
});

/** A follower from the start; its positions and leaves, as they come. */
const followed = (process: Process) => {
  const seen: Array<{ readonly position: number; readonly id: string }> = [];
  const following = Effect.flatMap(Effect.service(Ledgers), ({ identity }) =>
    Stream.runForEach(identity.follow(START), (records) =>
      Effect.sync(() => seen.push(...records.map(({ position, id }) => ({ position, id })))),
    ),
  );
  const stopping = new AbortController();
  const ended = process.runPromiseExit(following, { signal: stopping.signal });
  const stop = async () => {
    stopping.abort();
    await ended;
  };
  return { seen, stop };
};

describe("on postgres", onAnyPostgres, () => {
  let postgres: Awaited<ReturnType<typeof anyPostgres>>;
  beforeAll(async () => {
    postgres = await anyPostgres();
  });
  afterAll(() => postgres?.remove());

  test(
    "a follower sees each position once, in order, whatever commits and rolls back",
    async () => {
      const url = await postgres.database();
      const other = await postgres.database();
      const processes = Array.from({ length: PROCESSES + 1 }, () => processOn(url));
      const [reader, ...writers] = processes as [Process, ...Array<Process>];
      await reader.runPromise(Effect.void);
      await query(url, slowCommits);
      // Both stay open until the end: an old snapshot and a write, here and beside.
      const beside = await connect(other);
      await beside.query("CREATE TABLE things (id INT); BEGIN; INSERT INTO things VALUES (1)");
      const here = await connect(url);
      await here.query(
        `BEGIN ISOLATION LEVEL REPEATABLE READ;
       INSERT INTO authledger.vault VALUES ('identity', 'open', 'password', 'user:open', 1, '')`,
      );
      const live = followed(reader);
      let rollbacks = 0;
      let acknowledged = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const late = followed(reader);
        const writing = writers.flatMap((process) => [
          ...Array.from({ length: WRITERS_EACH }, () =>
            process.runPromise(
              Effect.forEach(Array.from({ length: APPENDS_EACH }), () =>
                Effect.andThen(
                  pause,
                  append({ entries: drafts(1 + Math.floor(Math.random() * 3)) }),
                ),
              ),
            ),
          ),
        ]);
        const taking = writers.map((process) =>
          process.runPromise(
            Effect.forEach(Array.from({ length: APPENDS_EACH }), () =>
              Effect.andThen(pause, rolledBack),
            ),
          ),
        );
        const falseAlarm = query(url, "SELECT pg_notify('authledger', 'identity:999999')");
        acknowledged += (await Promise.all(writing)).flat().length;
        rollbacks += (await Promise.all(taking)).flat().length;
        await falseAlarm;
        const rows = await query(
          url,
          "SELECT position::INT, id FROM authledger.identity_events ORDER BY position",
        );
        await until("both followers are at the head", () =>
          [live, late].every(({ seen }) => seen.length >= rows.length),
        );
        expect(rows.map(({ position }) => position)).toEqual(rows.map((_, at) => at + 1));
        for (const { seen } of [live, late]) expect(seen).toEqual(rows);
        await late.stop();
      }
      await live.stop();
      await Promise.all([here.end(), beside.end()]);
      await Promise.all(processes.map((process) => process.dispose()));
      const { length } = live.seen;
      say(
        `${PROCESSES} writing pools on postgres: ${acknowledged} appends, ` +
          `${rollbacks} rolled back, two transactions left open: ` +
          `each of ${length} positions seen once, in order`,
      );
    },
    ROUNDS_TIMEOUT_MS,
  );
});
