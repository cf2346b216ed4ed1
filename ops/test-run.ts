import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { countsLine, countsOf, type Outcome, outcomesOf, tableOf } from "./test-run/outcomes.ts";
import { type ThrowAwayPostgres, throwAwayPostgres } from "./test-run/throw-away-postgres.ts";

/** The first release whose type stripping, node:sqlite and fetch we rely on. */
const NODE_MAJOR_MIN = 24;

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const say = (line: string) => void process.stdout.write(`${line}\n`);

type Suite = { readonly runtime: string; readonly command: ReadonlyArray<string> };

/** Every check, then the same tests on Node and on Deno, then what ran on what. */
const main = async (): Promise<number> => {
  if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR_MIN) {
    process.stderr.write(`Cannot test on Node ${process.versions.node}: run "npm ci" first\n`);
    return 2;
  }
  const postgres = await throwAwayPostgres(process.env["DATABASE_URL"] || undefined);
  sayWhatIsHere(postgres);
  try {
    const checked = await run(["npm", "run", "-s", "check"], {});
    const results = mkdtempSync(join(tmpdir(), "authledger-test-"));
    const outcomes: Array<Outcome> = [];
    for (const suite of suites()) {
      outcomes.push(...(await runSuite(suite, join(results, "report.json"), postgres)));
    }
    rmSync(results, { recursive: true });
    const counts = countsOf(outcomes);
    const failures = outcomes.filter(({ result }) => result === "failed");
    for (const { runtime, name } of failures) say(`failed on ${runtime}: ${name}`);
    for (const line of ["", ...tableOf(outcomes)]) say(line);
    say(`check           ${checked === 0 ? "passed" : "failed"}`);
    say(countsLine(counts));
    return checked === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1;
  } finally {
    await postgres?.drop();
  }
};

const suites = (): ReadonlyArray<Suite> => [
  { runtime: `Node ${process.versions.node}`, command: [process.execPath, vitest] },
  { runtime: `Deno ${versionOf("deno") ?? ""}`.trim(), command: ["deno", "run", "-A", vitest] },
];

/** Runs the tests on one runtime; no report at all is one failure. */
const runSuite = async (
  { runtime, command }: Suite,
  report: string,
  postgres: ThrowAwayPostgres | undefined,
): Promise<ReadonlyArray<Outcome>> => {
  say(`\n${runtime}`);
  rmSync(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const test = postgres === undefined ? {} : { AUTHLEDGER_TEST_POSTGRES: postgres.url };
  // `npm test -- tests/ops` runs those alone.
  const only = process.argv.slice(2);
  const status = await run([...command, "run", ...reporters, ...only], test);
  const outcomes = existsSync(report) ? outcomesOf(runtime, readFileSync(report, "utf8")) : [];
  // An unhandled error fails the run, although each test may have passed.
  if (status === 0 || outcomes.some(({ result }) => result === "failed")) return outcomes;
  const name = `vitest ended with status ${status}`;
  return [...outcomes, { runtime, store: "none", name, result: "failed", reason: undefined }];
};

/** Half of what a program takes to start on Node is reading its source: done once a run. */
const compiled = { NODE_COMPILE_CACHE: join(root, ".cache", "compiled") };

/** Answers the exit status; what a developer has configured does not reach the tests. */
const run = (
  [program = "", ...rest]: ReadonlyArray<string>,
  environment: Readonly<Record<string, string>>,
): Promise<number> =>
  new Promise((resolve) => {
    const bin = join(root, "node_modules", ".bin");
    const inherited = Object.entries(process.env).filter(
      ([name]) => !name.startsWith("AUTHLEDGER_") && name !== "DATABASE_URL",
    );
    const path = `${bin}${delimiter}${process.env["PATH"] ?? ""}`;
    const child = spawn(program, rest, {
      cwd: root,
      stdio: "inherit",
      env: { ...Object.fromEntries(inherited), ...environment, ...compiled, PATH: path },
    });
    child.on("error", () => resolve(127));
    child.on("close", (status) => resolve(status ?? 1));
  });

const sayWhatIsHere = (postgres: ThrowAwayPostgres | undefined): void => {
  const found = postgres === undefined ? "not found" : `${postgres.version}, a throw-away database`;
  say(`Postgres: ${found}`);
  say(`NATS:     ${versionOf("nats-server") === undefined ? "not found" : "found, not used yet"}`);
  const docker = spawnSync("docker", ["info"], { stdio: "ignore" }).status === 0;
  say(`Docker:   ${docker ? "found, not used yet" : "not found"}`);
};

const versionOf = (program: string): string | undefined => {
  const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return status === 0 ? /\d+\.\d+\.\d+/.exec(stdout)?.[0] : undefined;
};

process.exit(await main());
