import { expect, onTestFinished, test } from "vitest";
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
import { type Load, startLoad } from "../support/faults-load.ts";
import { onOwnPostgres, ownPostgres } from "../support/faults-postgres.ts";
import { say } from "../support/faults-rounds.ts";
import {
  type Place,
  RUNTIME,
  type ServerProcess,
  startServer,
  verify,
} from "../support/faults-server.ts";
import { onSmallDisk, type SmallDisk, smallDisk } from "../support/faults-small-disk.ts";

const TIMEOUT_MS = 120_000;
/** An empty database, and room for a few seconds of load. */
const DISK_MIB = 96;
const REFUSED_WITHIN_MS = 60_000;
const ANSWERS = 20;

/** Little write-ahead log beforehand, so that a full disk is met by what is written next. */
const SETTINGS = { min_wal_size: "2MB", max_wal_size: "4MB", wal_recycle: "off" };

const codeOfFullDisk = "53100";

/** Fills the disk under load, then frees it: the same server refuses, and then goes on. */
const filled = async (place: Place, disk: SmallDisk, repair: () => Promise<void>) => {
  const server = await startServer(place);
  const architect = await architectOf(server.base);
  const load = startLoad(server.base, architect, true);
  const more = () => {
    const wanted = load.acknowledged.length + ANSWERS;
    return until("writes are acknowledged", () => load.acknowledged.length >= wanted);
  };
  await more();
  disk.fill();
  const line = () => server.log().includes("The store refuses what is asked of it");
  await until("writes are refused", () => load.refused.size > 0 && line(), REFUSED_WITHIN_MS);
  expect(server.alive()).toBe(true);
  expect((await ask(server.base, "GET /healthz")).status).toBe(200);
  disk.free();
  await repair();
  await more();
  await load.stop();
  await expectMended({ server, architect, load });
  expect(await verify(place)).toMatch(/, 0 problems$/);
  const refused = [...load.refused].map(([reason, count]) => `${count} times ${reason}`).join(", ");
  return `${refused}; ${load.acknowledged.length} acknowledged, none lost; no restart`;
};

const expectMended = async (after: {
  readonly server: ServerProcess;
  readonly architect: Architect;
  readonly load: Load;
}) => {
  const { server, architect, load } = after;
  expect([...load.refused.keys()].filter((reason) => !reason.startsWith("503 "))).toEqual([]);
  expect(load.broken()).toBe(0);
  const lines = server.log().trim().split("\n");
  const said = lines.filter((line) => line.includes("The store refuses"));
  expect(said[0]).toContain(codeOfFullDisk);
  // One for each ten seconds at most: not one for each refused request.
  expect(said.length).toBeLessThanOrEqual(REFUSED_WITHIN_MS / 10_000);
  expect(lines.some((line) => line.includes("The store takes writes again"))).toBe(true);
  const events = await ledgerOf(server.base, architect.cookie);
  expectContiguous(events);
  expectAcknowledged(events, load.acknowledged);
  expectOnce(events);
};

test("a full disk: 503, one line in the log, nothing lost, goes on with space, on pglite", {
  ...onSmallDisk,
  timeout: TIMEOUT_MS,
}, async () => {
  const disk = smallDisk(DISK_MIB);
  onTestFinished(disk.remove);
  say(`pglite under ${RUNTIME}: ${await filled({ data: disk.folder }, disk, async () => {})}`);
});

test("a full disk: 503, one line in the log, nothing lost, goes on with space, on postgres", {
  ...(onSmallDisk.skip ? onSmallDisk : onOwnPostgres),
  timeout: TIMEOUT_MS,
}, async () => {
  const disk = smallDisk(DISK_MIB);
  onTestFinished(disk.remove);
  const postgres = await ownPostgres(disk.folder, SETTINGS);
  onTestFinished(postgres.kill);
  // Where the write-ahead log is what did not fit, Postgres ends, and its supervisor starts it.
  const repair = async () => {
    if (!postgres.alive()) await postgres.start();
  };
  const place = { data: temporaryFolder(), database: postgres.url };
  const result = await filled(place, disk, repair);
  say(`own postgres ${postgres.version} under ${RUNTIME}: ${result}`);
});
