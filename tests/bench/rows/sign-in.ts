import { COST, hashSlots } from "../../../adapters/argon2/password-hash.ts";
import type { Bench } from "../bench-context.ts";
import { type Line, lineOf } from "../line.ts";
import type { Load } from "../load-client.ts";
import { type Flight, interleaved } from "../measure.ts";
import { program } from "../program.ts";
import type { RawArgon2 } from "../raw-argon2.ts";
import { startAuthledger } from "../server-process.ts";
import { PASSWORD, signUps } from "./session.ts";

/** Enough to keep every slot taken and some waiting, few enough that nobody is refused. */
const SIGN_INS_AT_ONCE = 16;
/** Readers beside them. */
const READERS = 8;
const PEOPLE = 64;
const PEOPLE_QUICK = 4;
const WARM_UP_MS = 1_000;
const MEASURE_MS = 5_000;
const QUICK_MS = 1_000;
/** So that readers are only measured while sign-ins run. */
const LEAD_MS = 500;

/**
 * Password sign-ins against bare argon2id verifies, as many at once as the server has slots; and
 * `GET /v1/session` while sign-ins keep the pool full, against the same without them.
 */
export async function signInRow(bench: Bench): Promise<ReadonlyArray<Line>> {
  const place = await bench.scratch("postgres");
  const server = await startAuthledger(place);
  try {
    bench.progress("sign-in: signing people up");
    const people = bench.quick ? PEOPLE_QUICK : PEOPLE;
    const cookies = await signUps(server, "/v1/sign-up", people);
    const bodies = cookies.map((_, n) => ({
      identifier: `ada-${n}@example.org`,
      password: PASSWORD,
    }));
    const measureMs = bench.quick ? QUICK_MS : MEASURE_MS;
    const ask = (load: Partial<Load>) =>
      program<Flight>("load-client.ts", {
        port: server.port,
        cookies: [],
        warmUpMs: WARM_UP_MS,
        measureMs,
        ...load,
      });
    // Their browsers are known, so nobody is written to; the session is a new one each time.
    const devices = cookies.map((all) =>
      all
        .split("; ")
        .filter((cookie) => cookie.includes("_device="))
        .join("; "),
    );
    const signIns = (more: Partial<Load> = {}) =>
      ask({
        path: "/v1/sign-in",
        cookies: devices,
        bodies,
        connections: SIGN_INS_AT_ONCE,
        ...more,
      });
    const reads = (more: Partial<Load> = {}) =>
      ask({ path: "/v1/session", cookies, connections: READERS, ...more });
    bench.progress("sign-in: measuring");
    const measured = await interleaved(bench.runs, {
      signIns: () => signIns(),
      raw: () => program<Flight>("raw-argon2.ts", { ...rawCost, measureMs }),
      alone: () => reads(),
      beside: async () => {
        const [read] = await Promise.all([
          reads({ warmUpMs: WARM_UP_MS + LEAD_MS }),
          signIns({ measureMs: measureMs + 2 * LEAD_MS }),
        ]);
        return read;
      },
    });
    const perSecond = (runs: ReadonlyArray<Flight>) => runs.map((run) => run.perSecond);
    return [
      lineOf({
        what: `password sign-in, Postgres, ${SIGN_INS_AT_ONCE} at once, ${hashSlots()} slots`,
        unit: "/s",
        ours: perSecond(measured.signIns),
        reference: { name: "argon2id verifies", runs: perSecond(measured.raw) },
        latencies: measured.signIns,
        referenceLatencies: measured.raw,
        memoryMiB: server.residentMiB(),
        ratioMin: 0.9,
      }),
      lineOf({
        what: `session p99 while sign-ins saturate, Postgres, ${READERS} readers`,
        unit: "/s",
        ours: perSecond(measured.beside),
        reference: { name: "without sign-ins", runs: perSecond(measured.alone) },
        latencies: measured.beside,
        referenceLatencies: measured.alone,
        p99MaxMs: 50,
      }),
    ];
  } finally {
    await server.stop();
    await bench.drop(place);
  }
}

const rawCost: Omit<RawArgon2, "measureMs"> = {
  phcCost: { memoryCost: COST.memoryKib, timeCost: COST.passes },
  atOnce: hashSlots(),
};
