import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../ops/temporary-folder.ts";
import { architectOf } from "../support/faults-architect.ts";
import { elsewhere } from "../support/faults-client.ts";
import { until } from "../support/faults-eventually.ts";
import { startFollower } from "../support/faults-follow.ts";
import { expectAcknowledged, expectContiguous, ledgerOf } from "../support/faults-ledger.ts";
import { type Acknowledged, startLoad } from "../support/faults-load.ts";
import { anyPostgres, connect, onAnyPostgres } from "../support/faults-postgres.ts";
import { say } from "../support/faults-rounds.ts";
import { type Place, RUNTIME, startServer, verify } from "../support/faults-server.ts";

const TIMEOUT_MS = 60_000;
const IN_FLIGHT = 24;
/** Nothing here needs the listener's deadline of 10 s: a stop ends when the last answer is sent. */
const STOP_MS_MAX = 9_000;

type Sent = {
  /** The server has the request in hand: it asked for its body. */
  readonly received: () => boolean;
  readonly answer: Promise<Acknowledged & { readonly status: number }>;
};

/** A guest who knows when the server has taken the request (RFC 9110 section 10.1.1). */
const admitGuest = (base: string): Sent => {
  let received = false;
  const answer = new Promise<Awaited<Sent["answer"]>>((resolve, reject) => {
    const headers = {
      ...elsewhere(),
      "content-type": "application/json",
      expect: "100-continue",
    };
    const sent = request(`${base}/v1/guest`, { method: "POST", headers, agent: false });
    sent.on("continue", () => {
      received = true;
      sent.end("{}");
    });
    sent.on("error", reject);
    sent.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () => {
        const { user } = JSON.parse(text);
        resolve({
          status: response.statusCode ?? 0,
          position: Number(response.headers["ledger-position"]),
          requestId: String(response.headers["request-id"]),
          stream: `user-${user?.id}`,
          type: "GuestAdmitted",
        });
      });
    });
    sent.flushHeaders();
  });
  return { received: () => received, answer };
};

/** Stops a server that has requests in hand; `hold` keeps them from being answered until then. */
const stopped = async (place: Place, hold: () => Promise<() => Promise<void>>) => {
  const server = await startServer(place);
  const architect = await architectOf(server.base);
  const follower = startFollower(server.base, architect.cookie);
  await until("the follower listens", () => follower.positions.length > 0);
  const load = startLoad(server.base, architect);
  await until("the load runs", () => load.acknowledged.length >= IN_FLIGHT);
  const release = await hold();
  const guests = Array.from({ length: IN_FLIGHT }, () => admitGuest(server.base));
  await until("all are in flight", () => guests.every(({ received }) => received()));
  server.kill("SIGTERM");
  const begun = performance.now();
  await release();
  const answers = await Promise.all(guests.map(({ answer }) => answer));
  expect(answers.map(({ status }) => status)).toEqual(guests.map(() => 201));
  expect(await server.ended).toBe(0);
  const stopMs = Math.round(performance.now() - begun);
  expect(stopMs).toBeLessThan(STOP_MS_MAX);
  await load.stop();
  follower.stop();
  const after = await startServer(place);
  const events = await ledgerOf(after.base, architect.cookie);
  expectContiguous(events);
  expectAcknowledged(events, [...load.acknowledged, ...answers]);
  expect(await verify(place)).toMatch(/, 0 problems$/);
  return `${answers.length} in flight at SIGTERM, all answered, exit 0 after ${stopMs} ms`;
};

test(
  "SIGTERM under load: what is in flight is answered, on pglite",
  async () => {
    const result = await stopped({ data: temporaryFolder() }, async () => async () => {});
    say(`pglite under ${RUNTIME}: ${result}`);
  },
  TIMEOUT_MS,
);

describe("on postgres", onAnyPostgres, () => {
  let postgres: Awaited<ReturnType<typeof anyPostgres>>;
  beforeAll(async () => {
    postgres = await anyPostgres();
  });
  afterAll(() => postgres?.remove());

  test(
    "SIGTERM while appends wait for the database: they are answered",
    async () => {
      const database = await postgres.database();
      const hold = async () => {
        const holder = await connect(database);
        await holder.query("BEGIN");
        await holder.query("SELECT 1 FROM authledger.heads WHERE ledger = 'identity' FOR UPDATE");
        return async () => {
          await holder.query("ROLLBACK");
          await holder.end();
        };
      };
      const result = await stopped({ data: temporaryFolder(), database }, hold);
      say(`postgres under ${RUNTIME}: ${result}`);
    },
    TIMEOUT_MS,
  );
});
