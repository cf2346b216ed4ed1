import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { postgresServer } from "./postgres.ts";
import { signUps } from "./rows/session.ts";
import { type ServerProcess, startAuthledger } from "./server-process.ts";
import { URL_OF_ALL } from "./store.ts";

/*
 * `npm run soak:memory`: one server, asked without a pause by people who read their session, change
 * their profile and look at their history, for an hour (`--minutes 15` for less; `--pglite` for the
 * embedded store). Says its resident memory each minute, and at the end how it grew over the second
 * half, in MiB an hour. Nothing fails on a number.
 */

const MINUTES = 60;
const SAMPLE_MS = 10_000;
const SAMPLES_SAID_EVERY = 6;
/** In flight at once. */
const WORKERS = 8;
const PEOPLE = 16;
const MS_PER_HOUR = 3_600_000;

type Sample = { readonly ms: number; readonly mib: number };

async function work(server: ServerProcess, cookies: ReadonlyArray<string>, done: () => boolean) {
  let asked = 0;
  const ask = async (cookie: string, path: string, bio?: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: bio === undefined ? "GET" : "PATCH",
      headers: { cookie, origin: URL_OF_ALL, "content-type": "application/json" },
      ...(bio !== undefined && { body: JSON.stringify({ bio }) }),
    });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`);
    asked++;
  };
  await Promise.all(
    Array.from({ length: WORKERS }, async (_, worker) => {
      for (let n = worker; !done(); n++) {
        const cookie = cookies[n % cookies.length] ?? "";
        await ask(cookie, "/v1/session");
        await ask(cookie, "/v1/me", `the ${n}th`);
        await ask(cookie, "/v1/me/history?limit=20");
      }
    }),
  );
  return asked;
}

/** Least squares over the second half: what a start needs is not growth. */
function slopeOf(samples: ReadonlyArray<Sample>): number {
  const late = samples.slice(Math.floor(samples.length / 2));
  const mean = (of: (sample: Sample) => number) =>
    late.reduce((sum, sample) => sum + of(sample), 0) / late.length;
  const [ms, mib] = [mean((sample) => sample.ms), mean((sample) => sample.mib)];
  const over = mean((sample) => (sample.ms - ms) * (sample.mib - mib));
  return (over / mean((sample) => (sample.ms - ms) ** 2)) * MS_PER_HOUR;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: String(MINUTES) },
      pglite: { type: "boolean", default: false },
    },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error(`Cannot use --minutes "${values.minutes}"`);
  const folder = mkdtempSync(join(tmpdir(), "authledger-soak-"));
  const name = `authledger_soak_${process.pid}`;
  const postgres = values.pglite ? undefined : await postgresServer();
  if (postgres === undefined && !values.pglite)
    throw new Error("Cannot soak: there is no Postgres");
  await postgres?.create(name);
  const server = await startAuthledger({
    folder,
    ...(postgres !== undefined && { postgres: postgres.urlOf(name) }),
  });
  try {
    const cookies = await signUps(server, "/v1/sign-up", PEOPLE);
    const begun = performance.now();
    const samples: Array<Sample> = [];
    const sample = setInterval(() => {
      samples.push({ ms: performance.now() - begun, mib: server.residentMiB() });
      if (samples.length % SAMPLES_SAID_EVERY !== 0) return;
      const { ms = 0, mib = 0 } = samples.at(-1) ?? {};
      process.stdout.write(`${(ms / 60_000).toFixed(0)} min  ${mib.toFixed(0)} MiB\n`);
    }, SAMPLE_MS);
    const asked = await work(server, cookies, () => performance.now() - begun > minutes * 60_000);
    clearInterval(sample);
    const perSecond = asked / ((performance.now() - begun) / 1000);
    process.stdout.write(
      `${asked} requests, ${perSecond.toFixed(0)}/s; resident memory over the second half: ` +
        `${slopeOf(samples).toFixed(1)} MiB an hour\n`,
    );
  } finally {
    await server.stop();
    await postgres?.drop(name);
    rmSync(folder, { recursive: true, force: true });
  }
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
