import { afterAll, beforeAll, expect, test } from "vitest";
import { readPrometheus } from "../support/prometheus.ts";
import { type Installation, openInstallation, SETUP_TOKEN } from "./commands/installation.ts";
import { onEachStore, type Place, place } from "./commands/on-each-store.ts";

const MINUTE_MS = 60_000;

/** What somebody inserts who may write into the table, and has no key. */
const FORGE = `INSERT INTO authledger.identity_events
    (ledger, position, stream, revision, type, id, entry, mac)
  SELECT ledger, position + 1, stream, revision + 1, type, gen_random_uuid(), entry, mac
  FROM authledger.identity_events WHERE ledger = 'identity' ORDER BY position DESC LIMIT 1`;

/** As README.md has it. */
const REPAIR = `ALTER TABLE authledger.identity_events DISABLE TRIGGER append_only;
  DELETE FROM authledger.identity_events WHERE ledger = 'identity' AND position >
    (SELECT position FROM authledger.heads WHERE ledger = 'identity');
  ALTER TABLE authledger.identity_events ENABLE ALWAYS TRIGGER append_only`;

onEachStore("a forged row", (store) => {
  let here: Place;
  let server: Installation;
  let cookie: string;
  let head: number;
  beforeAll(async () => {
    here = await place(store);
    server = await openInstallation(here.folder, here.variables, "server");
    const body = { token: SETUP_TOKEN, email: "root@example.com", password: "a root passphrase" };
    const done = await server.ask("POST /v1/setup", { body });
    cookie = done.cookie;
    head = done.position;
  }, MINUTE_MS);
  afterAll(async () => {
    await server.close();
    await here.remove();
  });

  const ready = async () => (await server.ask("GET /readyz")).body;
  const events = async (more = "") =>
    server.ask(`GET /v1/ledger/events?limit=200${more}`, { cookie });

  test("without one everything is ready", async () => {
    expect(await ready()).toMatchObject({ status: "ready", problems: [] });
    const { consumers, mail } = await ready();
    expect(consumers.map(({ name }: { name: string }) => name)).toContain("end-sessions");
    expect(mail).toMatchObject({ mode: "mailbox", failing: 0 });
  });

  test("readyz, metrics and doctor say what blocks appends, and how to mend it", async () => {
    await server.sql(FORGE);
    const { status, problems } = await ready();
    expect(status).toBe("degraded");
    const blocked = problems.find(({ where }: { where: string }) => where === "ledger:identity");
    expect(blocked.problem).toContain(`position ${head + 1}`);
    expect(blocked.repair).toContain("A forged row");
    const metrics = await fetchMetrics();
    const gauge = metrics.filter(({ name }) => name === "authledger_ledger_blocked");
    expect(gauge.map(({ labels, value }) => [labels["ledger"], value])).toEqual([
      ["identity", 1],
      ["activity", 0],
    ]);
    const doctor = await server.run("doctor", "--json");
    expect(doctor.status).toBe(1);
    expect(doctor.out.join("")).toContain(`identity ${head + 1}`);
  });

  test("what is of the ledger can be read all the same", async () => {
    const all = await events();
    expect(all.status).toBe(200);
    expect(all.body.items.map(({ position }: { position: number }) => position)).toEqual(
      Array.from({ length: head }, (_, at) => at + 1),
    );
    expect(all.body.nextCursor).toBeUndefined();
    const last = all.body.items.at(-1);
    const stream = await events(`&stream=${last.stream}`);
    expect(stream.body.items.at(-1)).toEqual(last);
    expect((await server.ask(`GET /v1/ledger/events/${head}`, { cookie })).body).toEqual(last);
    const forged = await server.ask(`GET /v1/ledger/events/${head + 1}`, { cookie });
    expect(forged.status).toBe(404);
  });

  test("once it is removed the server takes writes again and is ready", async () => {
    const refused = await server.ask("POST /v1/stores", { cookie, body: { name: "before" } });
    expect(refused.status).toBe(503);
    await server.script(REPAIR);
    const taken = await server.ask("POST /v1/stores", { cookie, body: { name: "after" } });
    expect([taken.status, taken.position]).toEqual([201, head + 1]);
    const blocked = (await ready()).ledgers.filter((each: object) => "blockedAt" in each);
    expect(blocked).toEqual([]);
  });

  const fetchMetrics = async () => readPrometheus((await server.ask("GET /metrics")).body);
});
