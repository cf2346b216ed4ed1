import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { environmentOf, type Place } from "./store.ts";

/** A server that is not up by now never will be. */
const READY_MS_MAX = 120_000;
const ASK_AGAIN_MS = 10;
/** A server that does not stop by itself is stopped. */
const STOP_MS_MAX = 20_000;

/** `getconf CLK_TCK`, on every Linux that there is. */
const TICKS_A_SECOND = 100;

/** As `npm start` and the image have it: what a start leaves behind stays resident. */
const AS_STARTED = ["--max-semi-space-size=8"];

const cli = fileURLToPath(new URL("../../ops/cli.ts", import.meta.url));
const programOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const betterAuth = programOf("./peers/better-auth-server.ts");
const oidcProvider = programOf("./peers/oidc-provider-server.ts");

/** A server in a process of its own, on 127.0.0.1. */
export type ServerProcess = {
  readonly port: number;
  /** From the start of the process until it answered that it is ready. */
  readonly readySeconds: number;
  readonly residentMiB: () => number;
  /** Processor time that it has used, all its threads together. */
  readonly cpuSeconds: () => number;
  readonly stop: () => Promise<void>;
};

/** Our server over a ledger; ready once `/readyz` says that no read model is behind. */
export async function startAuthledger(place: Place): Promise<ServerProcess> {
  const port = await freePort();
  const begun = performance.now();
  const child = spawn(process.execPath, [...AS_STARTED, cli, "serve"], {
    env: { PATH: process.env["PATH"], PORT: String(port), ...environmentOf(place) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  await until(child, begun, async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (answer?.status !== 200) return false;
    const { models } = (await answer.json()) as { models: ReadonlyArray<{ lag: number }> };
    return models.every(({ lag }) => lag === 0);
  });
  return running(child, port, (performance.now() - begun) / 1000);
}

/** The peer over an empty database. */
export const startBetterAuth = ({ postgres = "" }: Place): Promise<ServerProcess> =>
  startPeer(betterAuth, { BENCH_DATABASE_URL: postgres });

/** The protocol's own engine with all that it keeps in its memory. */
export const startOidcProvider = (): Promise<ServerProcess> => startPeer(oidcProvider, {});

/** A program that says its port once it listens. */
async function startPeer(
  program: string,
  variables: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const begun = performance.now();
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env["PATH"], ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  await until(child, begun, async () => /^port \d+$/m.test(said));
  const port = Number(/^port (\d+)$/m.exec(said)?.[1]);
  return running(child, port, (performance.now() - begun) / 1000);
}

function running(child: ChildProcess, port: number, readySeconds: number): ServerProcess {
  return {
    port,
    readySeconds,
    residentMiB: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
    },
    cpuSeconds: () => {
      // What stands after the name, which may hold anything: fields 3 and on of proc(5).
      const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ");
      return (Number(stat[11]) + Number(stat[12])) / TICKS_A_SECOND;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const deadline = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
      await ended;
      clearTimeout(deadline);
    },
  };
}

async function until(child: ChildProcess, begun: number, ready: () => Promise<boolean>) {
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error(`A server ended with status ${child.exitCode}`);
    if (performance.now() - begun > READY_MS_MAX) {
      child.kill("SIGKILL");
      throw new Error(`A server was not ready after ${READY_MS_MAX} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
