import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { inherited } from "../support/inherited.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = join(root, "node_modules", ".bin");

export type Runtime = "node" | "deno";

/** How a program of this repository is started on each runtime. */
const commandOf = (runtime: Runtime, file: string, written: ReadonlyArray<string>) =>
  runtime === "node"
    ? { program: join(bin, "node"), given: [join(root, file), ...written] }
    : { program: join(bin, "deno"), given: ["run", "-A", join(root, file), ...written] };

/** A running program, killed when its test ends. */
export type Program = {
  readonly pid: number;
  /** Not `child.kill`: Deno then reports the signal even of a process that ended by itself. */
  readonly kill: (signal: "SIGTERM" | "SIGKILL") => void;
  /** The next line of its output; undefined at the end. */
  readonly line: () => Promise<string | undefined>;
  readonly ended: Promise<{
    readonly status: number | null;
    readonly stderr: string;
  }>;
};

export const startProgram = (
  runtime: Runtime,
  file: string,
  options: { readonly written?: ReadonlyArray<string>; readonly environment?: object } = {},
): Program => {
  const { program, given } = commandOf(runtime, file, options.written ?? []);
  const child = spawn(program, given, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...inherited(), ...options.environment },
  });
  const pid = child.pid ?? 0;
  let running = true;
  const kill: Program["kill"] = (signal) => {
    if (running) process.kill(pid, signal);
  };
  onTestFinished(() => kill("SIGKILL"));
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<Awaited<Program["ended"]>>((resolve) => {
    child.on("close", (status) => {
      running = false;
      resolve({ status, stderr });
    });
  });
  return { pid, kill, ended, line: async () => (await lines.next()).value };
};
