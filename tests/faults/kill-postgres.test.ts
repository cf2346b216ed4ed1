import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../ops/temporary-folder.ts";
import { architectOf } from "../support/faults-architect.ts";
import { until } from "../support/faults-eventually.ts";
import { startFollower } from "../support/faults-follow.ts";
import {
  expectAcknowledged,
  expectContiguous,
  expectOnce,
  ledgerOf,
} from "../support/faults-ledger.ts";
import { startLoad } from "../support/faults-load.ts";
import { onOwnPostgres, ownPostgres } from "../support/faults-postgres.ts";
import { ROUNDS, ROUNDS_TIMEOUT_MS, say } from "../support/faults-rounds.ts";
import { RUNTIME, startServer, verify } from "../support/faults-server.ts";

const ANSWERS_BETWEEN_MAX = 120;

test("kill -9 of postgres: the same server goes on, nothing lost or repeated or missed", {
  ...onOwnPostgres,
  timeout: ROUNDS_TIMEOUT_MS,
}, async () => {
  const postgres = await ownPostgres();
  onTestFinished(postgres.remove);
  const place = { data: temporaryFolder(), database: postgres.url };
  const server = await startServer(place);
  const architect = await architectOf(server.base);
  const follower = startFollower(server.base, architect.cookie);
  onTestFinished(follower.stop);
  const load = startLoad(server.base, architect, true);
  const outages: Array<number> = [];
  const more = async (count: number) => {
    const wanted = load.acknowledged.length + count;
    await until("writes are acknowledged", () => load.acknowledged.length >= wanted);
  };
  for (let round = 0; round < ROUNDS; round++) {
    await more(1 + Math.floor(Math.random() * ANSWERS_BETWEEN_MAX));
    await postgres.kill();
    const down = performance.now();
    await postgres.start();
    const up = performance.now();
    await more(1);
    outages.push(Math.round(performance.now() - up));
    expect(up).toBeGreaterThan(down);
  }
  await more(ANSWERS_BETWEEN_MAX);
  await load.stop();
  // While the database was away a request may be refused for now, and no connection breaks.
  expect([...load.refused.keys()].filter((reason) => !reason.startsWith("503 "))).toEqual([]);
  expect(load.broken()).toBe(0);
  expect(server.alive()).toBe(true);

  const events = await ledgerOf(server.base, architect.cookie);
  expectContiguous(events);
  expectAcknowledged(events, load.acknowledged);
  expectOnce(events);
  await until("the follower has all", () => follower.positions.length >= events.length);
  expect(follower.positions).toEqual(events.map(({ position }) => position));
  expect(await verify(place)).toMatch(/^\d+ events, root .*, 0 problems$/);
  say(
    `own postgres ${postgres.version} under ${RUNTIME}: ${ROUNDS} kills, ` +
      `${load.acknowledged.length} acknowledged, none lost; writes went on ` +
      `${Math.min(...outages)} to ${Math.max(...outages)} ms after it was back; ` +
      `the follower connected ${follower.connections()} times`,
  );
});
