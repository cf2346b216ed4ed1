import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../../adapters/crypto/hash.ts";
import { hexOf, leafOf } from "../../../domain/ledger/derive.ts";
import { appendLeaf, EMPTY_RANGE, rootOf } from "../../../domain/ledger/merkle.ts";
import { readModels } from "../../../projections/catalogue.ts";
import { makeHistory, type People, settled } from "./history.ts";
import { type Installation, openInstallation } from "./installation.ts";
import { onEachStore, type Place, place } from "./on-each-store.ts";
import { untriggered } from "./untriggered.ts";

/** What tampering touches; copied before, put back after each test. */
const TABLES = ["identity_events", "activity_events", "heads", "claims", "cursors"];
const MODELS = ["users", "roles", "tuples"];
const COPIED = [
  ...TABLES,
  ...MODELS.flatMap((model) => ["", "_events", "_lists"].map((suffix) => `${model}_1${suffix}`)),
];

const EVENTS = "authledger.identity_events";

onEachStore("verify", (store) => {
  let where: Place;
  let at: Installation;
  let people: People;

  beforeAll(async () => {
    where = await place(store);
    const server = await openInstallation(where.folder, where.variables, "server");
    people = await makeHistory(server.ask);
    const { cookie } = people.ada;
    const body = { email: "ida@example.com" };
    expect((await server.ask("POST /v1/invitations", { cookie, body })).status).toBe(201);
    await settled(server);
    await server.close();
    at = await openInstallation(where.folder, where.variables, "guest");
    await at.script(
      COPIED.map((table) => `CREATE TABLE public.${table} AS TABLE authledger.${table}`).join(";"),
    );
  });
  afterAll(async () => {
    await at?.close();
    await where?.remove();
  });

  const restored = () =>
    at.script(
      untriggered(
        COPIED.map(
          (table) => `DELETE FROM authledger.${table};
            INSERT INTO authledger.${table} SELECT * FROM public.${table}`,
        ).join(";"),
      ),
    );

  /** Tampers, verifies, and answers what was listed. */
  const tampered = async (statements: string) => {
    await at.script(untriggered(statements));
    const { status, out, err } = await at.run("verify").finally(restored);
    expect({ status, err }).toEqual({ status: 1, err: [] });
    const problems = out.filter((line) => /^(identity|activity) position \d+: /.test(line));
    expect(out.at(-1)).toMatch(
      new RegExp(` ${problems.length} problem${problems.length === 1 ? "" : "s"}$`),
    );
    return problems;
  };
  const positionOf = async (type: string, subject: string) => {
    const [row] = await at.sql<{ position: number }>(
      `SELECT position FROM ${EVENTS} WHERE type = '${type}' AND stream = 'user-${subject}'`,
    );
    return row?.position ?? 0;
  };

  test("an intact ledger has no problem, and the root is that of its leaves", async () => {
    const { status, out, err } = await at.run("verify");
    const entries = await at.sql<{ entry: Uint8Array }>(
      `SELECT entry FROM ${EVENTS} ORDER BY position`,
    );
    let range = EMPTY_RANGE;
    for (const { entry } of entries) range = appendLeaf(sha256, range, leafOf(sha256, entry));
    const [activity] = await at.sql<{ count: number }>(
      "SELECT count(*)::INT AS count FROM authledger.activity_events",
    );
    const events = entries.length + (activity?.count ?? 0);
    const root = hexOf(rootOf(sha256, range));
    expect({ status, err, last: out.at(-1) }).toEqual({
      status: 0,
      err: [],
      last: `${events} events, root ${root}, 0 problems`,
    });
    expect(out.filter((line) => line.includes("equal to a fresh fold"))).toHaveLength(
      readModels.length,
    );
    const json = await at.run("verify", "--json");
    expect(json.status).toBe(0);
    expect(json.out).toHaveLength(1);
    expect(JSON.parse(json.out[0] ?? "")).toMatchObject({ events, root, problems: 0 });
  });

  test("--from checks the entries from there on", async () => {
    const { status, out } = await at.run("verify", "--from", "5");
    expect(status).toBe(0);
    expect(out.at(-1)).toMatch(/^\d+ events, root not computed, 0 problems$/);
    expect(await at.run("verify", "--from", "0")).toEqual({
      status: 2,
      out: [],
      err: ["Cannot use --from 0: expected a position from 1"],
    });
  });

  test("--json lists each problem as one line with its place", async () => {
    await at.script(untriggered(`UPDATE ${EVENTS} SET mac = sha256(mac) WHERE position = 4`));
    const { status, out } = await at.run("verify", "--json", "--from", "2").finally(restored);
    expect(status).toBe(1);
    expect(out.map((line) => JSON.parse(line))).toMatchObject([
      { ledger: "identity", position: 4, problem: "the MAC does not fit the entry" },
      { problems: 1 },
    ]);
  });

  test("a flipped byte of an entry", async () => {
    const problems = await tampered(
      `UPDATE ${EVENTS} SET entry = set_byte(entry, 40, get_byte(entry, 40) # 1)
       WHERE position = 1`,
    );
    expect(problems).toContain("identity position 1: the MAC does not fit the entry");
  });

  test("an entry replaced by another that is well formed", async () => {
    const position = await positionOf("RoleGranted", people.bob.id);
    const problems = await tampered(
      `UPDATE ${EVENTS} SET entry = convert_to(
         replace(convert_from(entry, 'UTF8'), 'buyer', 'admin'), 'UTF8')
       WHERE position = ${position}`,
    );
    expect(problems).toContain(`identity position ${position}: the MAC does not fit the entry`);
  });

  test("a record taken out of the middle", async () => {
    const position = await positionOf("RoleGranted", people.bob.id);
    const problems = await tampered(`DELETE FROM ${EVENTS} WHERE position = ${position}`);
    expect(problems).toContain(`identity position ${position}: the record is missing`);
  });

  test("the last records taken away while the head still names them", async () => {
    const [head] = await at.sql<{ position: number }>(
      "SELECT position FROM authledger.heads WHERE ledger = 'identity'",
    );
    const last = head?.position ?? 0;
    const problems = await tampered(`DELETE FROM ${EVENTS} WHERE position = ${last}`);
    expect(problems).toContain(
      `identity position ${last}: the head says ${last}: the records from here on are missing`,
    );
  });

  test("the last record taken away and the head moved back with it", async () => {
    const problems = await tampered(`
      DELETE FROM ${EVENTS} WHERE position = (SELECT max(position) FROM ${EVENTS});
      UPDATE authledger.heads h SET position = e.position,
        leaf = sha256('\\x00'::BYTEA || e.entry)
        FROM ${EVENTS} e WHERE h.ledger = 'identity'
          AND e.position = (SELECT max(position) FROM ${EVENTS})`);
    expect(problems.join("\n")).toMatch(/users stands at a record that this history does not have/);
  });

  test("the head moved back, and forward, and naming another leaf", async () => {
    const back = await tampered(
      "UPDATE authledger.heads SET position = position - 3 WHERE ledger = 'identity'",
    );
    expect(back.join("\n")).toMatch(
      /identity position \d+: the head says \d+: records stand after/,
    );
    const forward = await tampered(
      "UPDATE authledger.heads SET position = position + 6 WHERE ledger = 'identity'",
    );
    expect(forward.join("\n")).toMatch(/the head says \d+: the records from here on are missing/);
    const leaf = await tampered(`UPDATE authledger.heads h SET leaf = sha256(h.leaf),
      position = (SELECT max(position) FROM ${EVENTS}) WHERE ledger = 'identity'`);
    expect(leaf.join("\n")).toMatch(/the head names another leaf/);
  });

  test("a record inserted past the program, and a true one copied", async () => {
    const [head] = await at.sql<{ position: number }>(
      "SELECT position FROM authledger.heads WHERE ledger = 'identity'",
    );
    const next = (head?.position ?? 0) + 1;
    const inserted = await tampered(`
      INSERT INTO ${EVENTS} SELECT ledger, ${next}, stream, revision + 1, type, gen_random_uuid(),
        entry || ' '::BYTEA, mac FROM ${EVENTS} WHERE position = ${next - 1};
      UPDATE authledger.heads SET position = ${next} WHERE ledger = 'identity'`);
    expect(inserted).toContain(`identity position ${next}: the MAC does not fit the entry`);
    const copied = await tampered(`
      INSERT INTO authledger.activity_events SELECT ledger, position + 1, stream, revision + 1,
        type,        id, entry, mac, month FROM authledger.activity_events e
        WHERE position = (SELECT max(position) FROM authledger.activity_events);
      UPDATE authledger.heads SET position = position + 1 WHERE ledger = 'activity'`);
    expect(copied.join("\n")).toMatch(/^activity .* the entry is a copy of an earlier one$/m);
  });

  test("two whole records that changed places, each intact", async () => {
    const [one, two] = [
      await positionOf("RoleGranted", people.bob.id),
      await positionOf("UserSignedUp", people.eve.id),
    ];
    const problems = await tampered(`
      UPDATE ${EVENTS} SET position = -1 WHERE position = ${one};
      UPDATE ${EVENTS} SET position = ${one} WHERE position = ${two};
      UPDATE ${EVENTS} SET position = ${two} WHERE position = -1`);
    expect(problems.join("\n")).toMatch(
      new RegExp(`row "${people.bob.id}" is said to follow from other events`),
    );
  });

  test.each([
    ["stream", "stream || 'x'"],
    ["type", "'UserBlocked'"],
    ["id", "gen_random_uuid()"],
  ])("a %s column that is not the entry's", async (column, value) => {
    const position = await positionOf("RoleGranted", people.bob.id);
    const problems = await tampered(
      `UPDATE ${EVENTS} SET ${column} = ${value} WHERE position = ${position}`,
    );
    expect(problems).toContain(
      `identity position ${position}: the ${column} column is not the entry's`,
    );
  });

  test("a revision column and a position that leave a gap", async () => {
    const position = await positionOf("RoleGranted", people.bob.id);
    const revised = await tampered(
      `UPDATE ${EVENTS} SET revision = revision + 5 WHERE position = ${position}`,
    );
    expect(revised.join("\n")).toMatch(
      new RegExp(`identity position ${position}: revision \\d+ of user-.* follows \\d+`),
    );
    const moved = await tampered(`
      UPDATE ${EVENTS} SET position = position + 1000 WHERE position >= ${position};
      UPDATE ${EVENTS} SET position = position - 998 WHERE position >= 1000`);
    expect(moved.join("\n")).toMatch(new RegExp(`identity position ${position}: the records? `));
  });

  test("a claim taken away, added, or given to another", async () => {
    const bob = await positionOf("GuestPromoted", people.bob.id);
    const gone = await tampered(`DELETE FROM authledger.claims WHERE owner = '${people.bob.id}'`);
    expect(gone).toHaveLength(1);
    expect(gone[0]).toContain(`claim of user "${people.bob.id}" is missing or another's`);
    expect(Number(/position (\d+)/.exec(gone[0] ?? "")?.[1])).toBeGreaterThanOrEqual(bob);
    const added = await tampered(`INSERT INTO authledger.claims
      SELECT ledger, kind, md5(digest), owner FROM authledger.claims
      WHERE owner = '${people.eve.id}'`);
    expect(added.join("\n")).toContain(`(email) of "${people.eve.id}" follows from no event`);
    const given = await tampered(`UPDATE authledger.claims SET owner = '${people.eve.id}'
      WHERE owner = '${people.bob.id}'`);
    expect(given).toHaveLength(2);
    const open = await tampered("DELETE FROM authledger.claims WHERE kind = 'invitation'");
    expect(open).toEqual([expect.stringContaining("the claim of an address by invitation")]);
  });

  test.each([
    ["altered", `UPDATE authledger.users_1 SET row = row || '{"status":"erased"}'`],
    ["of another position", "UPDATE authledger.users_1 SET position = 1"],
  ])("a read model's row %s", async (_what, update) => {
    const problems = await tampered(`${update} WHERE key = '${people.bob.id}'`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`users row "${people.bob.id}" is not what its events say`);
  });

  test.each([
    ["INSERT INTO L SELECT 'x', sort, key FROM L WHERE tag = '' AND", ['find row "ID" under "x"']],
    ["DELETE FROM L WHERE tag = 'role:user' AND", ['do not find row "ID" in its place under']],
    ["UPDATE L SET sort = 'a' WHERE tag = '' AND", ['do not find row "ID"', 'find row "ID"']],
  ])("the lists of a read model altered: %s", async (change, wanted) => {
    const said = wanted.map((one) => `users lists ${one.replace("ID", people.bob.id)}`);
    const statement = change.replaceAll("L ", "authledger.users_1_lists ");
    const problems = await tampered(`${statement} key = '${people.bob.id}'`);
    expect(problems).toEqual(said.map((one) => expect.stringContaining(one)));
  });

  test("a read model's row taken away or added, its events, its digest, its cursor", async () => {
    const [first] = await tampered(`DELETE FROM authledger.users_1 WHERE key = '${people.bob.id}'`);
    expect(first).toContain(`users row "${people.bob.id}" is missing`);
    const added = await tampered(`INSERT INTO authledger.users_1
      SELECT 'x', row, position, events FROM authledger.users_1 WHERE key = '${people.bob.id}'`);
    expect(added.join("\n")).toContain('users row "x" is not what its events say');
    const events = await tampered(`DELETE FROM authledger.users_1_events WHERE position =
      (SELECT max(position) FROM authledger.users_1_events WHERE key = '${people.bob.id}')`);
    expect(events.join("\n")).toContain("is said to follow from other events");
    const digest = await tampered(
      `UPDATE authledger.cursors SET digest = '00ff' WHERE name = 'roles' AND active`,
    );
    expect(digest.join("\n")).toContain("roles digest is not that of its rows");
    const cursor = await tampered(
      `UPDATE authledger.cursors SET leaf = 'ff' WHERE name = 'roles' AND active`,
    );
    expect(cursor.join("\n")).toContain("roles stands at a record that this history does not have");
  });
});
