import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readModels } from "../../../projections/catalogue.ts";
import { type Asked, ask } from "../../support/faults-client.ts";
import { eventually } from "../../support/faults-eventually.ts";
import { SETUP_TOKEN, startCommand, startServer } from "../../support/faults-server.ts";
import { onPostgres } from "../../support/postgres.ts";
import { connectTo } from "../../support/spare-databases.ts";
import { makeHistory, PASSWORD } from "./history.ts";
import { type OnStore, onEachStore, place } from "./on-each-store.ts";

const TIMEOUT_MS = 120_000;

/** A server in a process of its own with some history, and the commands beside it. */
const serving = async (store: OnStore) => {
  const { folder, variables, remove } = await place(store);
  onTestFinished(remove);
  const database = variables["DATABASE_URL"];
  const where = { data: folder, ...(database === undefined ? {} : { database }) };
  const server = await startServer(where);
  const client = (route: string, asked: Asked = {}) =>
    ask(server.base, route as Parameters<typeof ask>[1], asked);
  const people = await makeHistory(client, SETUP_TOKEN);
  const command = async (...written: ReadonlyArray<string>) => {
    const started = startCommand(written, where);
    const status = await started.ended;
    return { status, lines: started.log().trim().split("\n") };
  };
  return { where, database: database ?? "", server, client, people, command };
};

onEachStore("beside a running server", (store) => {
  test("verify, rebuild, replay, doctor and erase work while people write and read", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { where, server, client, people, command } = await serving(store);
    if (store === "pglite") expect(existsSync(join(where.data, "control.sock"))).toBe(true);
    let stop = false;
    let written = 0;
    const writer = (async () => {
      while (!stop) {
        const name = String(written + 1);
        const patched = await client("PATCH /v1/me", { cookie: people.bob.cookie, body: { name } });
        expect(patched.status).toBe(200);
        written += 1;
        const email = `new-${written}@example.com`;
        const signedUp = await client("POST /v1/sign-up", { body: { email, password: PASSWORD } });
        expect([201, 429]).toContain(signedUp.status);
      }
    })();
    let seen = 0;
    let reads = 0;
    const reader = (async () => {
      while (!stop) {
        const { status, body } = await client(`GET /v1/users/${people.bob.id}`, people.ada);
        expect(status, JSON.stringify(body)).toBe(200);
        const text = String((body.user as { name?: string }).name);
        const name = Number(text === "Bob" ? 0 : text);
        expect(name).toBeGreaterThanOrEqual(seen);
        seen = name;
        reads += 1;
      }
    })();
    try {
      for (let round = 0; round < 2; round += 1) {
        const verified = await command("verify");
        expect(verified, verified.lines.join("\n")).toMatchObject({ status: 0 });
        expect(verified.lines.at(-1)).toMatch(/^\d+ events, root [0-9a-f]{64}, 0 problems$/);
        const rebuilt = await command("rebuild");
        expect(rebuilt, rebuilt.lines.join("\n")).toMatchObject({ status: 0 });
        expect(rebuilt.lines).toHaveLength(readModels.length);
      }
      const doctor = await command("doctor", "--json");
      expect(doctor.status, doctor.lines.join("\n")).toBe(0);
      const history = await command("replay", "--user", "eve@example.com", "--format", "ndjson");
      expect(history.lines.map((line) => JSON.parse(line).type)).toEqual([
        "UserSignedUp",
        "PasswordEnrolled",
        "UserBlocked",
      ]);
    } finally {
      stop = true;
      await Promise.all([writer, reader]);
    }
    expect({ writes: written > 5, reads: reads > 5 }).toEqual({ writes: true, reads: true });
    expect((await client("GET /v1/me", people.bob)).status).toBe(200);
    const erased = await command("erase", "bob@example.com", "--yes");
    expect(erased.status, erased.lines.join("\n")).toBe(0);
    expect(erased.lines).toHaveLength(1);
    expect((await client("GET /v1/me", people.bob)).status).toBe(401);
    expect((await command("verify")).lines.at(-1)).toMatch(/ 0 problems$/);
    server.kill("SIGTERM");
    expect(await server.ended).toBe(0);
  });
});

test("an architect's secret file is not needed beside a server on the embedded store", {
  timeout: TIMEOUT_MS,
}, async () => {
  const { where, command } = await serving("pglite");
  rmSync(join(where.data, "development-secret"), { force: true });
  expect((await command("verify")).status).toBe(0);
});

test("a rebuild killed half-way leaves the one in use, of two the later wins", {
  ...onPostgres,
  timeout: TIMEOUT_MS,
}, async () => {
  const { where, database, client, people, command } = await serving("postgres");
  const owner = await connectTo(database);
  // In a transaction pg_stat_activity stands still, so another connection watches.
  const watcher = await connectTo(database);
  onTestFinished(async () => {
    await Promise.all([owner.end(), watcher.end()]);
  });
  const tables = async () => {
    const { rows } = await owner.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname ~ '^users_[0-9]+$'",
    );
    return rows.map(({ name }) => name).toSorted();
  };
  /** The switch needs the cursor of the build in use: whoever holds it keeps rebuilds waiting. */
  const waiting = (rebuilds: number) =>
    eventually(`${rebuilds} rebuilds wait`, async () => {
      const { rows } = await watcher.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
           AND wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE%'`,
      );
      return rows.length === rebuilds ? true : undefined;
    });
  const hold = () =>
    owner.query(`BEGIN; SELECT 1 FROM authledger.cursors
      WHERE name = 'users' AND active FOR UPDATE`);

  await hold();
  const killed = startCommand(["rebuild", "users"], where);
  await waiting(1);
  killed.kill("SIGKILL");
  await killed.ended;
  await owner.query("COMMIT");
  expect(await tables()).toEqual(["users_1", "users_2"]);
  const read = await client(`GET /v1/users/${people.bob.id}`, people.ada);
  expect(read.status).toBe(200);
  expect((await command("rebuild", "users")).status).toBe(0);
  expect(await tables()).toEqual(["users_3"]);

  await hold();
  const first = startCommand(["rebuild", "users"], where);
  await waiting(1);
  const second = startCommand(["rebuild", "users"], where);
  await waiting(2);
  await owner.query("COMMIT");
  expect(await Promise.all([first.ended, second.ended])).toEqual([2, 0]);
  expect(first.log()).toBe("Cannot finish the rebuild of users: another one began\n");
  expect(await tables()).toEqual(["users_5"]);
  expect((await command("verify")).lines.at(-1)).toMatch(/ 0 problems$/);
});
