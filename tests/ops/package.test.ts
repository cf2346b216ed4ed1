import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Compiles, packs and installs every dependency. */
const INSTALL_TIMEOUT_MS = 180_000;
/** The first start makes the embedded database. */
const START_TIMEOUT_MS = 60_000;

const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const folder = mkdtempSync(join(tmpdir(), "authledger-package-"));
/** As this machine has it: npm reaches the registry by it. Nothing in it configures the server. */
const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:AUTHLEDGER_|VITEST|npm_)|^(?:DATABASE_URL|NODE_ENV|TEST)$/.test(name),
    ),
  ),
  PATH: `${bin}${delimiter}${process.env["PATH"]}`,
};
const cli = join(folder, "node_modules", "authledger", "dist", "ops", "cli.js");

/** How the installed program, or a file beside it, is run. */
const runtimes = [
  ["node", [join(bin, "node")]],
  ["deno", [join(bin, "deno"), "run", "-A", "--node-modules-dir=manual"]],
] as const;

const run = ([program = "", ...given]: ReadonlyArray<string>, cwd = folder): string =>
  execFileSync(program, given, {
    cwd,
    env: environment,
    encoding: "utf8",
    timeout: INSTALL_TIMEOUT_MS,
  });

beforeAll(() => {
  const packed = run(["npm", "pack", "--silent", "--pack-destination", folder], root);
  const tarball = join(folder, packed.trim().split("\n").at(-1) ?? "");
  writeFileSync(join(folder, "package.json"), '{"private":true,"type":"module"}');
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  run(["npm", "install", ...quiet, tarball]);
}, INSTALL_TIMEOUT_MS);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the package holds what runs: no source, no test, the schema, an empty database", () => {
  const home = join(folder, "node_modules", "authledger");
  const files = readdirSync(home, { recursive: true, encoding: "utf8" });
  const source = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));
  expect(source).toEqual([]);
  expect(files.filter((file) => /(^|\/)(tests?|test-run|build)(\/|\.|$)/.test(file))).toEqual([]);
  expect(files).toContain(join("dist", "adapters", "sql", "migrations", "0001_ledger.sql"));
  expect(files).toContain(join("dist", ".cache", "pglite-empty.tar.gz"));
});

test("the installed program is on the path and shows its help", () => {
  const program = join(folder, "node_modules", ".bin", "authledger");
  expect(run([program, "--help"])).toContain("Usage: authledger <command> [options]");
  expect(run([program, "--version"])).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.each(runtimes)(
  "the installed program serves and stops on %s",
  async (runtime, command) => {
    const port = await freePort();
    const [program, ...given] = command;
    const child = spawn(program, [...given, cli, "serve"], {
      cwd: folder,
      env: { ...environment, PORT: String(port), AUTHLEDGER_DATA: join(folder, `data-${runtime}`) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const ended = new Promise((resolve) => child.on("close", resolve));
      await readyLine(child.stdout, ended);
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
      child.kill("SIGTERM");
      expect(await ended).toBe(0);
    } finally {
      child.kill("SIGKILL");
    }
  },
  START_TIMEOUT_MS,
);

test.each(runtimes)("the library is imported by its name on %s", (_runtime, command) => {
  const file = join(folder, "import.js");
  const source = 'import { createAuthledger } from "authledger";';
  writeFileSync(file, `${source}\nprocess.stdout.write(typeof createAuthledger);`);
  expect(run([...command, file])).toBe("function");
});

/** Waits for the log line that says where it listens; fails when the program ends before. */
const readyLine = async (output: NodeJS.ReadableStream, ended: Promise<unknown>) => {
  const lines = createInterface({ input: output })[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([lines.next(), ended.then(() => undefined)]);
    if (next === undefined || next.done === true) throw new Error("serve ended before it listened");
    if (/listening/i.test(next.value)) return;
  }
};

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
