import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { ask } from "./faults-client.ts";
import { eventually } from "./faults-eventually.ts";
import { inherited } from "./inherited.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const cli = join(root, "ops", "cli.ts");

/** The tests' own runtime runs the servers too. */
export const RUNTIME = "Deno" in globalThis ? "deno" : "node";

/** One secret for all servers of a test: on Postgres several share a ledger. */
const SECRET = randomBytes(32).toString("hex");
export const SETUP_TOKEN = "set-up-token-of-the-fault-tests";

/** Where a server keeps what it knows. */
export type Place = {
  readonly data: string;
  /** Of a Postgres; without it the embedded store under `data`. */
  readonly database?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Given to Node before the program, as `--import` of a module. */
  readonly preload?: string;
};

/** A real server in a process of its own, killed when its test ends. */
export type ServerProcess = {
  readonly pid: number;
  /** `http://127.0.0.1:port` */
  readonly base: string;
  /** From the start of the process to the first answer that says ready. */
  readonly readyMs: number;
  /** All it has written so far, both streams. */
  readonly log: () => string;
  /** Whether it runs. */
  readonly alive: () => boolean;
  /** Sends the signal; `ended` says when it is over. */
  readonly kill: (signal: "SIGKILL" | "SIGTERM") => void;
  readonly ended: Promise<number | null>;
};

/** Any command of the program, in a process of its own. */
export const startCommand = (written: ReadonlyArray<string>, place: Place) => {
  const runtime =
    place.preload !== undefined
      ? ["node", "--import", place.preload]
      : RUNTIME === "node"
        ? ["node"]
        : ["deno", "run", "-A"];
  const [program = "", ...given] = runtime;
  const child = spawn(join(bin, program), [...given, cli, ...written], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...inherited(),
      PORT: "0",
      AUTHLEDGER_DATA: place.data,
      AUTHLEDGER_SECRET: SECRET,
      AUTHLEDGER_SETUP_TOKEN: SETUP_TOKEN,
      AUTHLEDGER_TRUST_PROXY: "127.0.0.1/32",
      ...(place.database === undefined ? {} : { DATABASE_URL: place.database }),
      ...place.environment,
    },
  });
  let text = "";
  let running = true;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.on("exit", () => {
      running = false;
    });
    child.on("close", (status) => resolve(status));
  });
  const kill = (signal: "SIGKILL" | "SIGTERM") => {
    if (running) process.kill(pidOf(child), signal);
  };
  return { pid: pidOf(child), log: () => text, alive: () => running, kill, ended };
};

const pidOf = (child: ChildProcess): number => {
  if (child.pid === undefined) throw new Error("Cannot start a process of the fault tests");
  return child.pid;
};

/** Starts a server and waits until it says that it is ready. */
export const startServer = async (place: Place): Promise<ServerProcess> => {
  const begun = performance.now();
  const started = startCommand(["serve"], place);
  onTestFinished(() => started.kill("SIGKILL"));
  const base = await eventually("the server is ready", async () => {
    if (!started.alive()) throw new Error(`The server ended at once: ${started.log()}`);
    const port = /"message":"Listening".*?"port":(\d+)/.exec(started.log())?.[1];
    if (port === undefined) return undefined;
    const address = `http://127.0.0.1:${port}`;
    return (await ask(address, "GET /readyz")).status === 200 ? address : undefined;
  });
  return { ...started, base, readyMs: Math.round(performance.now() - begun) };
};

/** `authledger verify`: beside the running server, or alone. Answers its last line. */
export const verify = async (place: Place): Promise<string> => {
  const run = startCommand(["verify"], place);
  const status = await run.ended;
  const lines = run.log().trim().split("\n");
  if (status !== 0) throw new Error(`verify ended with ${status}: ${lines.slice(-20).join("\n")}`);
  return lines.at(-1) ?? "";
};
