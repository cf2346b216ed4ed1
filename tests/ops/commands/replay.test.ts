import { afterAll, beforeAll, expect, test } from "vitest";
import { clockFinding } from "../../../ops/doctor/findings.ts";
import { makeHistory, type People, settled } from "./history.ts";
import { type Installation, openInstallation } from "./installation.ts";
import { onEachStore, type Place, place } from "./on-each-store.ts";

onEachStore("replay, erase and doctor", (store) => {
  let where: Place;
  let at: Installation;
  let people: People;

  beforeAll(async () => {
    where = await place(store);
    at = await openInstallation(where.folder, where.variables, "server");
    people = await makeHistory(at.ask);
    await settled(at);
  });
  afterAll(async () => {
    await at?.close();
    await where?.remove();
  });

  const events = async (...written: ReadonlyArray<string>) => {
    const { status, out, err } = await at.run("replay", "--format", "ndjson", ...written);
    expect({ status, err }).toEqual({ status: 0, err: [] });
    return out.map((line) => JSON.parse(line));
  };
  const types = async (...written: ReadonlyArray<string>) =>
    (await events(...written)).map(({ type }) => type);

  test("all of identity, in order, and of activity", async () => {
    const all = await events();
    expect(all.map(({ position }) => position)).toEqual(all.map((_, i) => i + 1));
    expect(all[0]).toMatchObject({ type: "LedgerFounded", ledger: "identity" });
    const activity = (await events("--ledger", "activity")).map(({ type }) => type);
    expect(activity).toEqual(expect.arrayContaining(["SessionStarted", "SessionEnded"]));
    expect(activity).not.toContain("UserSignedUp");
  });

  test("one user by id or e-mail address, one stream, one type, from and to", async () => {
    const ofBob = ["GuestAdmitted", "GuestPromoted", "PasswordEnrolled", "RoleGranted"];
    expect(await types("--user", people.bob.id)).toEqual(ofBob);
    expect(await types("--user", "BOB@example.com")).toEqual(ofBob);
    expect(await types("--stream", `user-${people.bob.id}`)).toEqual(ofBob);
    expect(await types("--type", "RoleGranted")).toEqual(["RoleGranted"]);
    const positions = (await events("--from", "3", "--to", "6")).map(({ position }) => position);
    expect(positions).toEqual([3, 4, 5, 6]);
    const upTo = String(people.guestAt);
    expect(await types("--user", people.bob.id, "--to", upTo)).toEqual(["GuestAdmitted"]);
    expect(await types("--stream", `user-${people.bob.id}`, "--from", upTo)).toEqual(ofBob);
    expect(await types("--to", "2000-01-01T00:00:00Z")).toEqual([]);
    const now = new Date(Date.now() + 1_000).toISOString();
    expect(await events("--to", now)).toEqual(await events());
  });

  test("as table, JSON lines and CloudEvents", async () => {
    const table = await at.run("replay", "--user", people.bob.id);
    expect(table.out[0]).toMatch(/^POSITION {2}AT +TYPE +STREAM +ACTOR +DATA$/);
    expect(table.out[2]).toMatch(/"email":"bob@example.com"/);
    const columns = table.out.map((line) => line.slice(0, 10).length);
    expect(new Set(columns).size).toBe(1);
    const json = await at.run("replay", "--json", "--type", "RoleGranted");
    expect(json.out.map((line) => JSON.parse(line))).toMatchObject([{ data: { role: "buyer" } }]);
    const cloud = await at.run("replay", "--format", "cloudevents", "--type", "RoleGranted");
    expect(JSON.parse(cloud.out[0] ?? "")).toMatchObject({
      specversion: "1.0",
      type: "authledger.RoleGranted",
      subject: `user-${people.bob.id}`,
      ledger: "identity",
      data: { role: "buyer" },
    });
  });

  test("a row as it was, by position and by time", async () => {
    const row = async (key: string, asOf: string) => {
      const asked = ["--as-of", asOf, "--read-model", "users", "--key", key, "--json"];
      const { status, out, err } = await at.run("replay", ...asked);
      expect({ status, err }).toEqual({ status: 0, err: [] });
      return JSON.parse(out[0] ?? "");
    };
    expect(await row(people.bob.id, String(people.guestAt))).toMatchObject({ guest: true });
    const [promoted] = await events("--type", "GuestPromoted");
    expect(await row("bob@example.com", promoted.at)).toMatchObject({
      guest: false,
      email: "bob@example.com",
      roles: ["user"],
    });
    const before = ["--as-of", "1", "--read-model", "users", "--key", people.bob.id];
    expect(await at.run("replay", ...before)).toEqual({
      status: 1,
      out: [],
      err: [`There was no users row "${people.bob.id}" at position 1`],
    });
  });

  test.each([
    [["--format", "xml"], "Cannot use --format xml: expected table, ndjson, cloudevents, ocsf"],
    [["--ledger", "audit"], "Cannot use --ledger audit: expected identity or activity"],
    [["--from", "x"], "Cannot use --from x: expected a position from 1"],
    [["--to", "yesterday"], "Cannot use --to yesterday: expected a position or a time"],
    [["--user", "nobody@example.com"], "Cannot find a user with that e-mail address"],
    [["--user", "nobody"], "Cannot find a user with that id"],
    [["--stream", "user-nobody"], 'Cannot find the stream "user-nobody"'],
    [["--type", "RoleGrant"], "Cannot use --type RoleGrant: did you mean RoleGranted?"],
    [
      ["--as-of", "3", "--read-model", "people", "--key", "x"],
      /^Cannot replay a row: expected --read-model \(users/,
    ],
    [["--as-of", "3", "--read-model", "users"], /^Cannot replay a row: expected .* and --key$/],
    [["--as-of", "9999", "--read-model", "users", "--key", "x"], /9999/],
  ])("%j is one line and status 2", async (written, line) => {
    const { status, out, err } = await at.run("replay", ...written);
    expect({ status, out, lines: err.length }).toEqual({ status: 2, out: [], lines: 1 });
    if (typeof line === "string") expect(err[0]).toBe(line);
    else expect(err[0]).toMatch(line);
  });

  test("doctor finds nothing bad, in text and in JSON", async () => {
    const { status, out } = await at.run("doctor");
    expect(status, out.join("\n")).toBe(0);
    for (const line of out) expect(line).toMatch(/^(ok {4}|note {2})[a-z][a-z_ -]{15} \S/);
    const json = await at.run("doctor", "--json");
    const { findings } = JSON.parse(json.out[0] ?? "");
    expect(findings).toHaveLength(out.length);
    expect(findings[0]).toEqual({ level: "ok", what: "program", say: expect.any(String) });
    const told = JSON.parse(json.out[0] ?? "");
    expect(told).toMatchObject({
      program: { version: expect.any(String) },
      url: at.config.url,
      documents: { "/openapi.json": `${at.config.url}/openapi.json` },
      modes: { public: false, signUp: "open" },
      doors: { password: true, mailed: true },
      mail: { mode: "mailbox" },
      problems: [],
    });
    expect(told.keys.wrappedSince).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(told.keys.purposes.length).toBeGreaterThan(3);
    expect(told.models.length).toBeGreaterThan(5);
    expect(told.followers.length).toBeGreaterThan(0);
    expect(json.out[0]).not.toContain("@");
  });

  test("doctor says that a record past the head blocks appends", async () => {
    const head = "UPDATE authledger.heads SET position = position";
    const rest = "WHERE ledger = 'identity'";
    await at.script(`${head} - 1 ${rest}`);
    const { status, out } = await at.run("doctor");
    await at.script(`${head} + 1 ${rest}`);
    expect(status).toBe(1);
    expect(out.join("\n")).toMatch(/^BAD {3}heads .*blocks appends \(identity \d+\)/m);
  });

  test("doctor says what is bad: a parked key, a trigger that is off", async () => {
    await at.script(`INSERT INTO authledger.parked (ledger, name, build, key, position, problem)
      VALUES ('identity', 'roles', 1, 'x', 1, 'planted');
      ALTER TABLE authledger.identity_events DISABLE TRIGGER append_only`);
    const { status, out } = await at.run("doctor");
    expect(status).toBe(1);
    expect(out.filter((line) => line.startsWith("BAD "))).toEqual([
      "BAD   roles            v1, 0 events behind, 1 key parked: mend the program, then rebuild",
      "BAD   append-only      no trigger on identity_events",
    ]);
    await at.script(`DELETE FROM authledger.parked;
      ALTER TABLE authledger.identity_events ENABLE ALWAYS TRIGGER append_only`);
    expect((await at.run("doctor")).status).toBe(0);
  });

  test("erase only says so without --yes, refuses an architect, and does it once", async () => {
    const said = await at.run("erase", "eve@example.com");
    expect(said.out).toEqual([
      `Would erase user ${people.eve.id}: every personal value in ledger, read models and ` +
        "their copies becomes unreadable, for ever. Add --yes to do it.",
    ]);
    expect((await at.ask(`GET /v1/users/${people.eve.id}`, people.ada)).body.user.name).toBe("Eve");
    expect(await at.run("erase", people.ada.id, "--yes")).toEqual({
      status: 2,
      out: [],
      err: [`Cannot erase user ${people.ada.id}: an architect is dismissed first`],
    });
    expect(await at.run("erase", "eve@example.com", "--yes")).toMatchObject({
      status: 0,
      out: [expect.stringMatching(`^Erased user ${people.eve.id} at position \\d+$`)],
    });
    expect(await at.run("erase", people.eve.id, "--yes")).toEqual({
      status: 0,
      out: [`User ${people.eve.id} had been erased before`],
      err: [],
    });
    expect((await at.run("erase", "eve@example.com", "--yes")).err).toEqual([
      "Cannot find a user with that e-mail address",
    ]);
    expect((await at.run("erase")).err).toEqual([
      "Cannot erase: expected one user id or e-mail address",
    ]);
    expect((await at.run("erase", "nobody", "--yes")).err).toEqual([
      "Cannot find a user with that id",
    ]);
    const [signedUp] = await events("--user", people.eve.id);
    expect(signedUp.data).toMatchObject({ email: { erased: true }, name: { erased: true } });
    const asked = ["--as-of", String(signedUp.position), "--read-model", "users"];
    const { out } = await at.run("replay", ...asked, "--key", people.eve.id, "--json");
    expect(JSON.parse(out[0] ?? "")).toMatchObject({ email: { erased: true } });
  });

  test("erase ends the sessions: the cookie is refused on the next request", async () => {
    expect((await at.ask("GET /v1/me", people.bob)).status).toBe(200);
    const { out } = await at.run("erase", people.bob.id, "--yes", "--json");
    expect(JSON.parse(out[0] ?? "")).toEqual({ user: people.bob.id, position: expect.any(Number) });
    expect((await at.ask("GET /v1/me", people.bob)).status).toBe(401);
    expect((await at.run("verify")).status).toBe(0);
  });
});

test("clocks that are apart are bad before appends are refused", () => {
  expect(clockFinding(-3)).toEqual({ level: "ok", what: "clock", say: "3 ms from the database's" });
  expect(clockFinding(-1_500.4)).toEqual({
    level: "bad",
    what: "clock",
    say: "1500 ms from the database's: appends are refused past 2,000",
  });
});
