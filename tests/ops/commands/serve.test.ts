import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startCommand, startServer } from "../../support/faults-server.ts";
import { connectTo } from "../../support/spare-databases.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { openInstallation } from "./installation.ts";
import { ON_STORES, type OnStore, onEachStore, place } from "./on-each-store.ts";

const TIMEOUT_MS = 60_000;
const [first = "", second = "", third = ""] = [1, 2, 3].map(() => randomBytes(32).toString("hex"));

type Variables = Readonly<Record<string, string>>;

/** A place of one test, with what lies in it and what its ledger says. */
const here = async (store: OnStore) => {
  const { folder, variables, remove } = await place(store);
  onTestFinished(remove);
  const database = variables["DATABASE_URL"];
  const where = (environment: Variables) => ({
    data: join(folder, "data"),
    ...(database === undefined ? {} : { database }),
    environment: { AUTHLEDGER_SECRET: first, ...environment },
  });
  const run = async (written: ReadonlyArray<string>, environment: Variables = {}) => {
    const started = startCommand(written, where(environment));
    onTestFinished(() => started.kill("SIGKILL"));
    const status = await started.ended;
    return { status, log: started.log() };
  };
  /** Serves until it is ready, then stops it. */
  const served = async (environment: Variables = {}) => {
    const server = await startServer(where(environment));
    server.kill("SIGTERM");
    expect(await server.ended).toBe(0);
  };
  const facts = async (environment: Variables = {}) => {
    const { status, log } = await run(
      ["replay", "--json", "--stream", "ledger-identity"],
      environment,
    );
    expect(status, log).toBe(0);
    return log
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).type);
  };
  return { folder, data: join(folder, "data"), database, where, run, served, facts };
};

onEachStore("serve", (store) => {
  test("a ledger of another issuer or secret is refused with one line, and nothing changes", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { data, run, served, facts } = await here(store);
    const one = { AUTHLEDGER_URL: "https://one.example.com" };
    const two = { AUTHLEDGER_URL: "https://two.example.com" };
    await served(one);
    const contents = () => (existsSync(data) ? readdirSync(data).toSorted() : []);
    const before = contents();
    const refused = await run(["serve"], two);
    expect(refused).toEqual({
      status: 2,
      log:
        "Cannot serve https://two.example.com: this ledger belongs to https://one.example.com; " +
        `set AUTHLEDGER_URL=${one.AUTHLEDGER_URL}, or move it with \`serve --adopt-url\`\n`,
    });
    const localhost = await run(["serve"], {});
    expect(localhost.status).toBe(2);
    const wrong = await run(["serve"], { ...one, AUTHLEDGER_SECRET: second });
    expect(wrong).toEqual({
      status: 2,
      log: expect.stringMatching(/^AUTHLEDGER_SECRET does not open the keys of this ledger: .*\n$/),
    });
    const none = await run(["verify"], { AUTHLEDGER_SECRET: "" });
    expect(none).toEqual({
      status: 2,
      log: "Cannot open this ledger: its keys need AUTHLEDGER_SECRET, which is not set\n",
    });
    expect(contents()).toEqual(before);
    expect(await facts(one)).toEqual(["LedgerFounded"]);
  });

  test("--adopt-url moves the ledger to another issuer, once", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { where, served, facts } = await here(store);
    await served({ AUTHLEDGER_URL: "https://one.example.com" });
    const two = { AUTHLEDGER_URL: "https://two.example.com" };
    for (const _round of [1, 2]) {
      const server = startCommand(["serve", "--adopt-url"], where(two));
      onTestFinished(() => server.kill("SIGKILL"));
      await expect.poll(server.log, { timeout: TIMEOUT_MS }).toContain("Listening");
      server.kill("SIGTERM");
      expect(await server.ended).toBe(0);
    }
    await served(two);
    expect(await facts(two)).toEqual(["LedgerFounded", "IssuerAdopted"]);
  });

  test("a default localhost address may change its port", { timeout: TIMEOUT_MS }, async () => {
    const { served, facts } = await here(store);
    await served({ PORT: String(await freePort()) });
    await served({ PORT: String(await freePort()) });
    expect(await facts()).toEqual(["LedgerFounded"]);
  });

  test("a secret is rotated: new,old once, then new alone; old alone is refused", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { run, served, facts } = await here(store);
    await served();
    await served({ AUTHLEDGER_SECRET: `${second},${first}` });
    await served({ AUTHLEDGER_SECRET: `${second},${first}` });
    await served({ AUTHLEDGER_SECRET: second });
    expect(await facts({ AUTHLEDGER_SECRET: second })).toEqual(["LedgerFounded", "SecretRotated"]);
    for (const secret of [first, third]) {
      const { status, log } = await run(["serve"], { AUTHLEDGER_SECRET: secret });
      expect({ status, lines: log.trim().split("\n").length }).toEqual({ status: 2, lines: 1 });
    }
    const { status, log } = await run(["verify"], { AUTHLEDGER_SECRET: second });
    expect(status, log).toBe(0);
  });

  test("a ledger of a newer version is refused", { timeout: TIMEOUT_MS }, async () => {
    const { data, database, run, served } = await here(store);
    await served();
    const variables = { AUTHLEDGER_SECRET: first, DATABASE_URL: database };
    const at = await openInstallation(data, variables, "guest");
    await at.script("INSERT INTO authledger.migrations (version, name) VALUES (99, 'later')");
    await at.close();
    for (const command of ["serve", "verify"]) {
      const { status, log } = await run([command]);
      expect(status).toBe(2);
      expect(log).toMatch(/^Cannot open this ledger: its schema is version 99, this program .*\n$/);
    }
  });

  test("a taken port is one line, and no ledger is begun", { timeout: TIMEOUT_MS }, async () => {
    const { data, database, run } = await here(store);
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once("listening", resolve));
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect(await run(["serve"], { PORT: String(port) })).toEqual({
      status: 2,
      log: `Cannot listen on 127.0.0.1:${port}: the port is taken\n`,
    });
    expect(() => readdirSync(data)).toThrow(/ENOENT/);
    if (database === undefined) return;
    const owner = await connectTo(database);
    const { rows } = await owner.query("SELECT 1 FROM pg_namespace WHERE nspname = 'authledger'");
    await owner.end();
    expect(rows).toEqual([]);
  });
});

test("a folder that another server holds, that is a file, or that others may read", {
  timeout: TIMEOUT_MS,
}, async () => {
  const { folder, data, where, run } = await here("pglite");
  await startServer(where({}));
  expect(await run(["serve"])).toEqual({
    status: 2,
    log: `Cannot use folder ${data}: another Authledger holds it\n`,
  });
  writeFileSync(join(folder, "file"), "");
  expect(await run(["serve"], { AUTHLEDGER_DATA: join(folder, "file", "data") })).toEqual({
    status: 2,
    log: `Cannot use folder ${join(folder, "file", "data")}: it cannot be created (ENOTDIR)\n`,
  });
  const open = join(folder, "open");
  mkdirSync(open);
  writeFileSync(join(open, "development-secret"), "x", { mode: 0o644 });
  const read = await run(["serve"], { AUTHLEDGER_DATA: open, AUTHLEDGER_SECRET: "" });
  expect(read.status).toBe(2);
  expect(read.log).toMatch(
    /^Cannot use .*development-secret: others may read it .*expected 0600\n$/,
  );
  expect(readdirSync(open).toSorted()).toEqual(["development-secret", "lock"]);
  rmSync(join(open, "development-secret"));
  writeFileSync(join(open, "setup-token"), "x", { mode: 0o644 });
  const token = await run(["serve"], { AUTHLEDGER_DATA: open, AUTHLEDGER_SETUP_TOKEN: "" });
  // The database had to be made before: whether there is an architect, it says.
  expect(token.log).toMatch(/^Cannot use .*setup-token: others may read it .*expected 0600\n$/m);
});

test("no ledger yet: a command that looks makes nothing", { timeout: TIMEOUT_MS }, async () => {
  for (const store of ON_STORES) {
    if (store === "postgres" && process.env["AUTHLEDGER_TEST_POSTGRES"] === undefined) continue;
    const { data, run } = await here(store);
    const { status, log } = await run(["doctor"]);
    expect({ status, lines: log.trim().split("\n").length }).toEqual({ status: 2, lines: 1 });
    expect(log).toMatch(/^There is no ledger in .* yet: `authledger serve` founds one\n$/);
    expect(() => readdirSync(data)).toThrow(/ENOENT/);
  }
});

const unreachable = "Cannot reach the database: check that it runs, and that DATABASE_URL names it";
const nonsense = 'Cannot use AUTHLEDGER_STORE "x": expected memory, pglite, postgres or kurrentdb';
const publicUrl = { AUTHLEDGER_URL: "https://id.example.com", AUTHLEDGER_SECRET: "" };
const malformed = "at least 32 bytes in base64 or hex, commas between several";

test.each<[string, Variables, string]>([
  ["an unknown store", { AUTHLEDGER_STORE: "x" }, nonsense],
  [
    "a public address without a secret",
    publicUrl,
    "Cannot serve https://id.example.com without AUTHLEDGER_SECRET: expected it to be set",
  ],
  [
    "a malformed secret",
    { AUTHLEDGER_SECRET: "short" },
    `Cannot use AUTHLEDGER_SECRET (value not shown): expected ${malformed}`,
  ],
  ["no database there", { DATABASE_URL: "postgres://a:b@127.0.0.1:1/c" }, unreachable],
])("%s is one line, and nothing is made", async (_what, environment, line) => {
  const { data, run } = await here("pglite");
  expect(await run(["serve"], environment)).toEqual({ status: 2, log: `${line}\n` });
  expect(() => readdirSync(data)).toThrow(/ENOENT/);
});

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

test.each([
  [{ AUTHLEDGER_BRAND_LOGO: "/nowhere/logo.png" }, "the file does not exist"],
  [{ AUTHLEDGER_MAIL_TEMPLATES: "/nowhere" }, "the folder /nowhere does not exist"],
  [{ AUTHLEDGER_STORE: "memory", AUTHLEDGER_SETUP_TOKEN: "" }, "expected AUTHLEDGER_SETUP_TOKEN"],
])("what cannot be served is found before anything is touched: %j", async (environment, why) => {
  const data = join(temporaryFolder(), "data");
  const started = startCommand(["serve"], { data, environment });
  onTestFinished(() => started.kill("SIGKILL"));
  expect(await started.ended, started.log()).toBe(2);
  expect(started.log().trim().split("\n")).toEqual([expect.stringContaining(why)]);
  expect(existsSync(data)).toBe(false);
});
