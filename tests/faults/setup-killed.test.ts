import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../ops/temporary-folder.ts";
import { PASSWORD } from "../support/faults-architect.ts";
import { ask } from "../support/faults-client.ts";
import { eventually, until } from "../support/faults-eventually.ts";
import { ledgerOf } from "../support/faults-ledger.ts";
import { anyPostgres, connect, onAnyPostgres, query } from "../support/faults-postgres.ts";
import { say } from "../support/faults-rounds.ts";
import { RUNTIME, SETUP_TOKEN, startServer } from "../support/faults-server.ts";

const TIMEOUT_MS = 60_000;
const person = { email: "ada@example.com", password: PASSWORD };
const setUp = { body: { token: SETUP_TOKEN, ...person } };
const types = ["UserSignedUp", "PasswordEnrolled", "ArchitectAppointed"];

/** The advisory lock at which the claim waits while the test decides about its server. */
const GATE = 7_311;

/** Makes the second step wait inside the database, where nothing of the server can help it. */
const pauseClaim = `
  CREATE FUNCTION pause_claim() RETURNS TRIGGER LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_advisory_xact_lock(${GATE}); RETURN NEW; END $$;
  CREATE TRIGGER pause_claim BEFORE INSERT ON authledger.identity_events
  FOR EACH ROW WHEN (NEW.type = 'ArchitectAppointed') EXECUTE FUNCTION pause_claim()`;

const isOneArchitect = async (base: string, cookie: string) => {
  const events = await ledgerOf(base, cookie);
  const people = events.filter(({ type }) => types.includes(type));
  expect(people.map(({ type }) => type)).toEqual(types);
  expect(new Set(people.slice(0, 2).map(({ stream }) => stream)).size).toBe(1);
  const { items } = (await ask(base, "GET /v1/architects", { cookie })).body;
  expect(items).toEqual([{ userId: people[0]?.stream.replace(/^user-/, "") }]);
  const users = (await ask(base, "GET /v1/users", { cookie })).body;
  expect(users.items.length).toBe(1);
};

test(
  "set-up killed between its steps resumes with the same token, on pglite",
  async () => {
    const place = { data: temporaryFolder() };
    const server = await startServer(place);
    // What the first step leaves is what a sign-up leaves: it is one.
    expect((await ask(server.base, "POST /v1/sign-up", { body: person })).status).toBe(201);
    server.kill("SIGKILL");
    await server.ended;
    const again = await startServer(place);
    const stranger = { token: SETUP_TOKEN, email: person.email, password: `not ${PASSWORD}` };
    expect((await ask(again.base, "POST /v1/setup", { body: stranger })).status).toBe(409);
    const done = await ask(again.base, "POST /v1/setup", setUp);
    expect(done.status).toBe(201);
    await isOneArchitect(again.base, done.cookie);
    expect((await ask(again.base, "POST /v1/setup", setUp)).body.code).toBe("already_set_up");
    say(`pglite under ${RUNTIME}: set-up resumed after its first step`);
  },
  TIMEOUT_MS,
);

describe("on postgres", onAnyPostgres, () => {
  let postgres: Awaited<ReturnType<typeof anyPostgres>>;
  beforeAll(async () => {
    postgres = await anyPostgres();
  });
  afterAll(() => postgres?.remove());

  /** Kills the server while its claim waits in the database; answers how to let the claim go. */
  const killedInClaim = async () => {
    const place = { data: temporaryFolder(), database: await postgres.database() };
    const { database } = place;
    const server = await startServer(place);
    await query(database, pauseClaim);
    const gate = await connect(database);
    await gate.query(`SELECT pg_advisory_lock(${GATE})`);
    const asked = ask(server.base, "POST /v1/setup", setUp).catch(() => undefined);
    const waiting = await eventually("the claim waits", async () => {
      const [row] = await query(
        database,
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted",
        [GATE],
      );
      return row?.["pid"];
    });
    const first = await query(database, "SELECT type FROM authledger.identity_events");
    expect(first.map(({ type }) => type)).toEqual(expect.arrayContaining(types.slice(0, 2)));
    server.kill("SIGKILL");
    await server.ended;
    expect(await asked).toBeUndefined();
    return { place, gate, waiting };
  };

  test(
    "set-up killed before its claim resumes with the same token",
    async () => {
      const { place, gate, waiting } = await killedInClaim();
      await gate.query("SELECT pg_terminate_backend($1)", [waiting]);
      await eventually("the claim is gone", async () => {
        const still = "SELECT 1 FROM pg_stat_activity WHERE pid = $1";
        return (await query(place.database, still, [waiting])).length === 0 ? true : undefined;
      });
      await gate.end();
      const again = await startServer(place);
      const done = await ask(again.base, "POST /v1/setup", setUp);
      expect(done.status, JSON.stringify(done.body)).toBe(201);
      await isOneArchitect(again.base, done.cookie);
      say(`postgres under ${RUNTIME}: set-up resumed, killed before its claim`);
    },
    TIMEOUT_MS,
  );

  test(
    "set-up killed between its claim and its answer is done",
    async () => {
      const { place, gate } = await killedInClaim();
      await gate.end();
      const appointed = async () =>
        query(place.database, "SELECT 1 FROM authledger.identity_events WHERE type = $1", [
          types[2],
        ]);
      await eventually("the claim of the dead server is committed", async () =>
        (await appointed()).length === 1 ? true : undefined,
      );
      const again = await startServer(place);
      expect((await ask(again.base, "POST /v1/setup", setUp)).body.code).toBe("already_set_up");
      const { email: identifier, password } = person;
      const signIn = await ask(again.base, "POST /v1/sign-in", { body: { identifier, password } });
      expect(signIn.status, JSON.stringify(signIn.body)).toBe(200);
      await isOneArchitect(again.base, signIn.cookie);
      await until("the server runs", again.alive);
      say(`postgres under ${RUNTIME}: set-up was done, killed before its answer`);
    },
    TIMEOUT_MS,
  );
});
