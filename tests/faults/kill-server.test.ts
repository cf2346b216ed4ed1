import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PGLITE_FOLDER } from "../../ops/store.ts";
import { temporaryFolder } from "../ops/temporary-folder.ts";
import { type Architect, architectOf } from "../support/faults-architect.ts";
import { ask } from "../support/faults-client.ts";
import { until } from "../support/faults-eventually.ts";
import {
  expectAcknowledged,
  expectContiguous,
  expectOnce,
  ledgerOf,
} from "../support/faults-ledger.ts";
import { type Acknowledged, startLoad, type Unanswered } from "../support/faults-load.ts";
import { anyPostgres, onAnyPostgres, query } from "../support/faults-postgres.ts";
import { ROUNDS, ROUNDS_TIMEOUT_MS, say } from "../support/faults-rounds.ts";
import { type Place, RUNTIME, startServer, verify } from "../support/faults-server.ts";

/** The kill comes at the answer with this number, picked anew in each round. */
const ANSWERS_BEFORE_KILL_MAX = 150;

/** Ages the answers that died half-way past their lease, so that their keys may be used again. */
const AGE = `UPDATE authledger.answers SET begun_at = begun_at - INTERVAL '2 minutes'
  WHERE answer IS NULL`;

/** Kills, restarts and compares, again and again on one ledger that grows. */
const killed = async (place: Place, age: () => Promise<unknown>) => {
  const acknowledged: Array<Acknowledged> = [];
  let server = await startServer(place);
  const starts = [server.readyMs];
  const architect = await architectOf(server.base);
  for (let round = 0; round < ROUNDS; round++) {
    const load = startLoad(server.base, architect);
    const wanted = 1 + Math.floor(Math.random() * ANSWERS_BEFORE_KILL_MAX);
    await until("enough is acknowledged", () => load.acknowledged.length >= wanted);
    server.kill("SIGKILL");
    await server.ended;
    await load.stop();
    expect([...load.refused.keys()]).toEqual([]);
    acknowledged.push(...load.acknowledged);
    await age();

    server = await startServer(place);
    starts.push(server.readyMs);
    expect((await ask(server.base, "POST /v1/guest")).status).toBe(201);
    acknowledged.push(...(await sendAgain(server.base, architect, load.unanswered)));
    const events = await ledgerOf(server.base, architect.cookie);
    expectContiguous(events);
    expectAcknowledged(events, acknowledged);
    expectOnce(events);
    expectContiguous(await ledgerOf(server.base, architect.cookie, "activity"));
    expect(await verify(place)).toMatch(/^\d+ events, root .*, 0 problems$/);
  }
  const times = `ready after ${Math.min(...starts)} to ${Math.max(...starts)} ms`;
  return `${ROUNDS} kills, ${acknowledged.length} acknowledged, none lost; ${times}`;
};

/** What a client does that never got its answer: the same key and body again. */
const sendAgain = async (
  base: string,
  { cookie, storeId }: Architect,
  unanswered: ReadonlyArray<Unanswered>,
): Promise<ReadonlyArray<Acknowledged>> => {
  const acknowledged: Array<Acknowledged> = [];
  for (const { key, body } of unanswered) {
    const headers = { "idempotency-key": key };
    const first = await ask(base, `POST /v1/stores/${storeId}/write`, { cookie, body, headers });
    expect(first.status, JSON.stringify(first.body)).toBe(200);
    const second = await ask(base, `POST /v1/stores/${storeId}/write`, { cookie, body, headers });
    expect(second.body).toEqual(first.body);
    const stream = `tuples-${storeId}`;
    const { position } = first;
    acknowledged.push({ position, requestId: undefined, stream, type: "TuplesWritten" });
  }
  return acknowledged;
};

test(
  "kill -9 of the server loses nothing that was acknowledged, on pglite",
  async () => {
    const data = temporaryFolder();
    const age = async () => {
      const database = await PGlite.create({ dataDir: join(data, PGLITE_FOLDER) });
      await database.exec(AGE);
      await database.close();
    };
    say(`pglite under ${RUNTIME}: ${await killed({ data }, age)}`);
  },
  ROUNDS_TIMEOUT_MS,
);

describe("on postgres", onAnyPostgres, () => {
  let postgres: Awaited<ReturnType<typeof anyPostgres>>;
  beforeAll(async () => {
    postgres = await anyPostgres();
  });
  afterAll(() => postgres?.remove());

  test(
    "kill -9 of the server loses nothing that was acknowledged",
    async () => {
      const database = await postgres.database();
      const age = () => query(database, AGE);
      say(`postgres under ${RUNTIME}: ${await killed({ data: temporaryFolder(), database }, age)}`);
    },
    ROUNDS_TIMEOUT_MS,
  );
});
