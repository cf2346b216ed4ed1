import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onPostgres } from "../../support/postgres.ts";
import { type Installation, openInstallation, SETUP_TOKEN } from "../commands/installation.ts";
import { onEachStore, type Place, place } from "../commands/on-each-store.ts";
import { authjs, betterAuth, created, future, KEPT_ID } from "./people.ts";
import { ADA, DORA } from "./schemas.ts";
import { type Engine, sourceDatabase } from "./source-database.ts";

const MINUTE_MS = 60_000;

onEachStore("import", (store) => {
  let here: Place;
  let server: Installation;
  let architect: string;
  beforeAll(async () => {
    here = await place(store);
    server = await openInstallation(here.folder, here.variables, "server");
    const body = { token: SETUP_TOKEN, email: "root@example.com", password: "a root passphrase" };
    architect = (await server.ask("POST /v1/setup", { body })).cookie;
    const taken = { email: "taken@example.com", password: "was here before you" };
    expect((await server.ask("POST /v1/sign-up", { body: taken })).status).toBe(201);
  }, MINUTE_MS);
  afterAll(async () => {
    await server.close();
    await here.remove();
  });

  const mapped = (source: string) =>
    readFileSync(join(here.folder, "imports", `${source}.ndjson`), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { readonly there: string; readonly here: string });
  const head = async () => {
    const { items } = (await server.ask("GET /v1/ledger/events?limit=200", { cookie: architect }))
      .body;
    return items.at(-1).position as number;
  };
  const userOf = async (id: string) =>
    (await server.ask(`GET /v1/users/${id}`, { cookie: architect })).body.user;
  const eventsOf = async (id: string) =>
    (await server.ask(`GET /v1/ledger/events?stream=user-${id}`, { cookie: architect })).body.items;

  describe.each<Engine>(["sqlite", "postgres"])("from %s", (engine) => {
    const options = engine === "postgres" ? onPostgres : {};

    test("Better Auth: a dry run appends nothing, an import everything, a second one nothing", {
      ...options,
      timeout: MINUTE_MS,
    }, async () => {
      // The second engine brings the very same people, who are there by then.
      const again = engine === "postgres";
      const database = await betterAuth(engine, here.folder);
      const run = (...more: ReadonlyArray<string>) =>
        server.run("import", "better-auth", "--from", database.from, ...more);
      try {
        const before = await head();
        const dry = await run("--dry-run", "--json", "--roles", "chief=manager");
        const refused = [
          { user: "xnumber4", reason: "invalid_email" },
          { user: "xnumber5", reason: "email_taken" },
          { user: "xnumber6", reason: "email_taken" },
        ];
        expect(dry.err).toEqual([]);
        const lines = dry.out.map((line) => JSON.parse(line));
        expect(lines.slice(0, -1)).toEqual(refused);
        expect(lines.at(-1)).toMatchObject({ dryRun: true, imported: again ? 0 : 3, refused: 3 });
        expect(await head()).toBe(before);

        const done = await run("--roles", "chief=manager");
        expect(done.status).toBe(1);
        const text = done.out.join("\n");
        expect(text).toContain(`${again ? 0 : 3} imported, ${again ? 3 : 0} were there, 3 refused`);
        for (const { user, reason } of refused) expect(text).toContain(`${user}: ${reason}`);
        expect(text).not.toMatch(/@|Ada|clash/);
        const after = await head();
        const twice = await run("--json", "--roles", "chief=manager");
        expect(JSON.parse(twice.out.at(-1) ?? "")).toMatchObject({ imported: 0, already: 3 });
        expect(await head()).toBe(after);
        expect(after > before).toBe(!again);
      } finally {
        await database.close();
      }
    });
  });

  test("people keep id, verification, profile, roles, username, accounts and blocks", async () => {
    const ada = await userOf(KEPT_ID);
    expect(ada).toMatchObject({
      id: KEPT_ID,
      email: "ada@example.com",
      emailVerified: true,
      name: "Ada",
      image: "https://example.com/ada.png",
      username: "Ada_L",
      roles: ["admin", "manager"],
      status: "active",
    });
    const ids = new Map(mapped("better-auth").map((each) => [each.there, each.here]));
    expect([...ids.keys()].toSorted()).toEqual(["xnumber2", "xnumber3"]);
    const bob = await userOf(ids.get("xnumber2") ?? "");
    expect(bob).toMatchObject({
      email: "bob@example.com",
      emailVerified: false,
      status: "blocked",
    });
    const blocked = (await eventsOf(bob.id)).at(-1);
    expect(blocked.data).toEqual({ reason: "spam", until: future.toISOString() });
    const carol = await userOf(ids.get("xnumber3") ?? "");
    expect(carol).toMatchObject({ status: "active", roles: ["manager"] });
    const events = await eventsOf(KEPT_ID);
    expect(events.map(({ type, actor }: Record<string, string>) => [type, actor])).toEqual([
      ["UserCreated", "import:better-auth"],
      ["ProfileRevised", "import:better-auth"],
      ["PasswordEnrolled", "import:better-auth"],
      ["ProviderLinked", "import:better-auth"],
    ]);
    expect(events[0].data.claimedAt).toBe(created.toISOString());
    expect(events[3].data).toMatchObject({ provider: "google", providerSubject: "g-1" });
  });

  test("a password that Better Auth hashed signs in, a wrong one does not", async () => {
    const body = { identifier: "ada@example.com", password: ADA.password };
    expect((await server.ask("POST /v1/sign-in", { body })).status).toBe(200);
    const wrong = { identifier: "ada@example.com", password: `${ADA.password}.` };
    expect((await server.ask("POST /v1/sign-in", { body: wrong })).status).toBe(401);
    const blocked = { identifier: "bob@example.com", password: "anything at all" };
    expect((await server.ask("POST /v1/sign-in", { body: blocked })).status).toBe(401);
  });

  test(
    "Auth.js: numbers become ids, no address is needed, bcrypt signs in",
    async () => {
      const database = await authjs("sqlite", here.folder);
      const run = () => server.run("import", "authjs", "--from", database.from, "--json");
      try {
        const done = await run();
        expect(done.status).toBe(1);
        const lines = done.out.map((line) => JSON.parse(line));
        expect(lines[0]).toEqual({ user: "3", reason: "no_way_in" });
        expect(lines[1]).toMatchObject({ imported: 2, accounts: 2, passwords: 1, mapped: 2 });
        expect(lines[1].notes).toEqual({ image_left_out: 1 });
        const [dora, nobody] = mapped("authjs");
        expect(await userOf(dora?.here ?? "")).toMatchObject({ name: "Dora", emailVerified: true });
        const silent = await userOf(nobody?.here ?? "");
        expect(silent).toMatchObject({ roles: ["buyer"] });
        expect(silent.email).toBeUndefined();
        const body = { identifier: "dora@example.com", password: DORA.password };
        expect((await server.ask("POST /v1/sign-in", { body })).status).toBe(200);
        const all = JSON.stringify(await eventsOf(dora?.here ?? ""));
        expect(all).not.toContain("not to be imported");
      } finally {
        await database.close();
      }
    },
    MINUTE_MS,
  );

  test("Auth.js on Postgres: whoever was imported and changed there since stays as here", {
    ...onPostgres,
    timeout: MINUTE_MS,
  }, async () => {
    const database = await authjs("postgres", here.folder);
    try {
      await database.insert("accounts", [
        { userId: 1, provider: "google", providerAccountId: "g-9", type: "oauth" },
      ]);
      const done = await server.run("import", "authjs", "--from", database.from, "--json");
      expect(JSON.parse(done.out.at(-1) ?? "")).toMatchObject({ imported: 0, already: 2 });
    } finally {
      await database.close();
    }
  });

  test(
    "what was imported verifies, and an erased person does not come back",
    async () => {
      const database = await betterAuth("sqlite", join(here.folder, "imports"));
      try {
        const [first] = mapped("better-auth");
        const erased = await server.run("erase", first?.here ?? "", "--yes");
        expect(erased.status).toBe(0);
        const done = await server.run("import", "better-auth", "--from", database.from, "--json");
        expect(JSON.parse(done.out.at(-1) ?? "")).toMatchObject({ imported: 0, already: 3 });
        expect((await userOf(first?.here ?? "")).status).toBe("erased");
        expect((await server.run("verify")).out.at(-1)).toMatch(/, 0 problems$/);
      } finally {
        await database.close();
      }
    },
    MINUTE_MS,
  );

  test.each([
    [["import"], "Cannot import: expected one source, better-auth or authjs"],
    [["import", "authjs"], "Cannot import without --from"],
    [["import", "keycloak", "--from", "x"], 'Cannot import from "keycloak"'],
    [["import", "authjs", "--from", "/nowhere.db"], "Cannot find /nowhere.db"],
    [["import", "authjs", "--from", "package.json"], "no database of SQLite"],
    [
      ["import", "authjs", "--from", "postgres://nobody:hidden@127.0.0.1:1/x"],
      "Cannot connect to the database of --from (ECONNREFUSED)",
    ],
  ])("%j is one line and status 2", async (written, line) => {
    const { status, out, err } = await server.run(...written);
    expect([status, out]).toEqual([2, []]);
    expect(err).toEqual([expect.stringContaining(line)]);
    expect(err[0]).not.toContain("hidden");
  });

  test("roles are given only where they exist, and never architect", async () => {
    const given = ["import", "authjs", "--from", "package.json", "--roles"];
    const database = await sourceDatabase("authjs", "sqlite", join(here.folder, "imports"));
    for (const roles of ["owner=architect", "a=nonsense", "a", "a=guest"]) {
      const { status, err } = await server.run(...given.with(3, database.from), roles);
      expect([status, err[0]]).toEqual([2, expect.stringContaining("Cannot use --roles")]);
    }
    await database.close();
  });
});
