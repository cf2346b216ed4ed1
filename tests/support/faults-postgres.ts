import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { eventually, until } from "./faults-eventually.ts";
import { postgresUrl } from "./postgres.ts";
import { giveBack, takeDatabase } from "./spare-databases.ts";

/** Where Debian and its kin keep the server's programs. */
const INSTALLED = "/usr/lib/postgresql";
const root = process.getuid?.() === 0;

/** The newest installed server's programs; undefined where none can be started. */
const programs: string | undefined = (() => {
  if (!existsSync(INSTALLED)) return undefined;
  const versions = readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => join(INSTALLED, version, "bin"))
    .find((folder) => existsSync(join(folder, "initdb")));
})();

/** Options of a test that starts a Postgres of its own, with the reason of its skip. */
export const onOwnPostgres = {
  skip: programs === undefined,
  meta: { skipped: "no Postgres programs under /usr/lib/postgresql" },
};

/** Options of a test that any Postgres is good enough for. */
export const onAnyPostgres = {
  skip: postgresUrl === undefined && programs === undefined,
  meta: { skipped: "no Postgres: name one with DATABASE_URL" },
};

/** A Postgres of one test alone. */
export type OwnPostgres = {
  readonly url: string;
  readonly version: string;
  /** Its data directory. */
  readonly folder: string;
  readonly start: () => Promise<void>;
  /** SIGKILL to the postmaster and every process of it, as when the machine takes them. */
  readonly kill: () => Promise<void>;
  /** Ends at once and takes its folder along. */
  readonly remove: () => Promise<void>;
  /** What it wrote to its log. */
  readonly log: () => string;
  readonly alive: () => boolean;
};

/** Postgres refuses to run as root, so root becomes its user; the process id stays the same. */
const asUser = (program: string, given: ReadonlyArray<string>): [string, Array<string>] => {
  const path = join(programs ?? "", program);
  if (!root) return [path, [...given]];
  return ["setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, ...given]];
};

const idOf = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));

/** Makes a cluster in a folder of its own, on a free port, and starts it; fsync is on. */
export const ownPostgres = async (
  within: string = tmpdir(),
  settings: Readonly<Record<string, string>> = {},
): Promise<OwnPostgres> => {
  const outer = mkdtempSync(join(within, "authledger-postgres-"));
  if (root) chownSync(outer, idOf("-u"), idOf("-g"));
  const folder = join(outer, "data");
  const trust = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"];
  const small = ["--wal-segsize=1"];
  const [initdb, given] = asUser("initdb", ["-D", folder, ...trust, ...small]);
  execFileSync(initdb, given, { stdio: "pipe", cwd: outer });
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let log = "";
  let pid = 0;
  let running = false;
  const start = async () => {
    const all = {
      listen_addresses: "127.0.0.1",
      port: String(port),
      unix_socket_directories: "",
      fsync: "on",
      ...settings,
    };
    const options = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const [postgres, written] = asUser("postgres", ["-D", folder, ...options]);
    const child = spawn(postgres, written, { cwd: outer, stdio: ["ignore", "pipe", "pipe"] });
    pid = child.pid ?? 0;
    running = true;
    child.on("exit", () => {
      running = false;
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        log += chunk;
      });
    }
    await eventually("Postgres takes connections", async () => {
      if (!running) throw new Error(`Postgres ended at once: ${log.slice(-2_000)}`);
      return (await answers(url)) ? true : undefined;
    });
  };
  const kill = async () => {
    const members = running ? [pid, ...childrenOf(pid)] : [];
    for (const member of members) signal(member);
    await until("every process of Postgres is gone", () => !members.some(lives));
    await until("its end is known here", () => !running);
  };
  await start();
  return {
    url,
    version: (await query(url, "SHOW server_version"))[0]?.["server_version"] as string,
    folder,
    start,
    kill,
    remove: async () => {
      await kill();
      rmSync(outer, { recursive: true, force: true });
    },
    log: () => log,
    alive: () => running,
  };
};

const signal = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
};

/** State and parent of a process; undefined when there is none. Source: proc_pid_stat(5). */
const statOf = (pid: number) => {
  try {
    const [state = "", parent] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
};

const lives = (pid: number): boolean => !["Z", "X", undefined].includes(statOf(pid)?.state);

const childrenOf = (pid: number): ReadonlyArray<number> =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => statOf(each)?.parent === pid);

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

const answers = (url: string): Promise<boolean> =>
  query(url, "SELECT 1").then(
    () => true,
    () => false,
  );

/** One statement on a connection of its own. */
export const query = async (
  url: string,
  statement: string,
  parameters: ReadonlyArray<unknown> = [],
): Promise<ReadonlyArray<Record<string, unknown>>> => {
  const client = await connect(url);
  try {
    return (await client.query<Record<string, unknown>>(statement, [...parameters])).rows;
  } finally {
    await client.end().catch(() => {});
  }
};

/** A connection whose loss is no unhandled error. */
export const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return client;
};

/** A Postgres for a file of tests: the run's throw-away one, else one of its own. */
export const anyPostgres = async () => {
  const own = postgresUrl === undefined ? await ownPostgres() : undefined;
  const url = own?.url ?? postgresUrl ?? "";
  const taken: Array<string> = [];
  return {
    /** An empty database that this file alone knows. */
    database: async (): Promise<string> => {
      const made = await takeDatabase(url);
      taken.push(made);
      return made;
    },
    remove: async () => {
      if (own !== undefined) return own.remove();
      for (const made of taken) await giveBack(url, made);
    },
  };
};
