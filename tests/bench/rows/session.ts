import type { Bench } from "../bench-context.ts";
import { type Line, lineOf } from "../line.ts";
import type { Load } from "../load-client.ts";
import { type Flight, interleaved } from "../measure.ts";
import { program } from "../program.ts";
import { type ServerProcess, startAuthledger, startBetterAuth } from "../server-process.ts";
import { URL_OF_ALL } from "../store.ts";

const CONNECTIONS = 32;
const WARM_UP_MS = 1_000;
const MEASURE_MS = 5_000;
const QUICK_MS = 500;
/** People who are signed in; requests take their cookies in turn. */
const PEOPLE = 64;
const PEOPLE_QUICK = 4;
export const PASSWORD = "correct horse battery staple";

/**
 * `GET /v1/session` against Better Auth's `get-session`: two server processes over the same
 * Postgres, one load generator, cookie sessions that each request looks up in the database.
 */
export async function sessionRow(bench: Bench): Promise<ReadonlyArray<Line>> {
  const lines: Array<Line> = [];
  for (const size of bench.sizes) {
    const place = await bench.copy(size);
    const theirPlace = await bench.scratch("postgres");
    const ours = await startAuthledger(place);
    const theirs = await startBetterAuth(theirPlace);
    try {
      bench.progress("session: signing people up");
      lines.push(await compared(bench, size, { ours, theirs }));
    } finally {
      await Promise.all([ours.stop(), theirs.stop()]);
    }
    await bench.drop(place);
    await bench.drop(theirPlace);
  }
  return lines;
}

async function compared(
  bench: Bench,
  size: number,
  { ours, theirs }: { readonly ours: ServerProcess; readonly theirs: ServerProcess },
): Promise<Line> {
  const people = bench.quick ? PEOPLE_QUICK : PEOPLE;
  const ourCookies = await signUps(ours, "/v1/sign-up", people);
  const theirCookies = await signUps(theirs, "/api/auth/sign-up/email", people);
  bench.progress("session: reading");
  const measured = await interleaved(bench.runs, {
    ours: () => load(bench, ours, "/v1/session", ourCookies),
    theirs: () => load(bench, theirs, "/api/auth/get-session", theirCookies),
  });
  return lineOf({
    what: `GET /v1/session, Postgres, ${CONNECTIONS} connections`,
    size,
    unit: "/s",
    ours: measured.ours.map(({ perSecond }) => perSecond),
    reference: {
      name: "Better Auth get-session",
      runs: measured.theirs.map(({ perSecond }) => perSecond),
    },
    latencies: measured.ours,
    referenceLatencies: measured.theirs,
    memoryMiB: ours.residentMiB(),
    ratioMin: 5,
  });
}

/** Signs people up and answers the cookies they got; their addresses are `ada-<n>@example.org`. */
export async function signUps(server: ServerProcess, path: string, people: number) {
  const cookies: Array<string> = [];
  for (let n = 0; n < people; n++) {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        origin: URL_OF_ALL,
        "x-forwarded-for": `198.19.0.${n}`,
      },
      body: JSON.stringify({
        name: "Ada Lovelace",
        email: `ada-${n}@example.org`,
        password: PASSWORD,
      }),
    });
    if (!answer.ok)
      throw new Error(`A sign-up was answered ${answer.status}: ${await answer.text()}`);
    cookies.push(
      answer.headers
        .getSetCookie()
        .map((cookie) => cookie.split(";")[0])
        .join("; "),
    );
  }
  return cookies;
}

async function load(
  bench: Bench,
  { port }: ServerProcess,
  path: string,
  cookies: ReadonlyArray<string>,
): Promise<Flight> {
  const asked: Load = {
    port,
    path,
    cookies,
    connections: CONNECTIONS,
    warmUpMs: bench.quick ? QUICK_MS : WARM_UP_MS,
    measureMs: bench.quick ? QUICK_MS : MEASURE_MS,
  };
  return program<Flight>("load-client.ts", asked);
}
