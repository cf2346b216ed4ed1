import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { until } from "./faults-eventually.ts";

/** Options of a test that needs oidc-agent, with the reason of its skip. */
export const onOidcAgent = {
  skip: !existsSync("/usr/bin/oidc-gen") || !existsSync("/usr/bin/oidc-agent"),
  meta: { skipped: "no oidc-agent: install oidc-agent" },
};

export type Running = {
  /** All that it has written so far, both streams. */
  readonly written: () => string;
  readonly alive: () => boolean;
  readonly ended: Promise<number | null>;
};

/** An agent with a home of its own, until the test ends; answers how its programs are run. */
export async function startOidcAgent() {
  const home = mkdtempSync(join(tmpdir(), "authledger-agent-"));
  const folder = join(home, "oidc-agent");
  mkdirSync(folder, { mode: 0o700 });
  const environment: Record<string, string> = {
    PATH: process.env["PATH"] ?? "/usr/bin",
    HOME: home,
    TMPDIR: home,
    OIDC_CONFIG_DIR: folder,
  };
  const groups = new Set<number>();
  const run = (program: string, ...given: ReadonlyArray<ReadonlyArray<string>>): Running => {
    const child = spawn(`/usr/bin/${program}`, given.flat(), {
      stdio: ["ignore", "pipe", "pipe"],
      env: environment,
      // The agent forks, so it is ended as a group.
      detached: true,
    });
    if (child.pid !== undefined) groups.add(child.pid);
    child.once("exit", () => groups.delete(child.pid ?? 0));
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
    }
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    return { written: () => text, alive: () => child.exitCode === null, ended };
  };
  onTestFinished(() => {
    for (const group of groups) process.kill(-group, "SIGKILL");
    rmSync(home, { recursive: true, force: true });
  });
  const socket = join(home, "socket");
  const agent = run("oidc-agent", ["--console", "--no-autoload", "-a", socket]);
  await until("the agent listens", () => {
    if (!agent.alive()) throw new Error(agent.written());
    return existsSync(socket);
  });
  environment["OIDC_SOCK"] = socket;
  return run;
}
