import { performance } from "node:perf_hooks";

/** Several runs of one measurement. */
export type Spread = {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
};

export function spreadOf(values: ReadonlyArray<number>): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    runs: sorted.length,
  };
}

/** Of ascending values, between neighbours in proportion. */
export function quantile(sorted: ReadonlyArray<number>, part: number): number {
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** One run: how many a second, and how long one took. */
export type Flight = {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
};

export function flightOf(latenciesMs: ReadonlyArray<number>, elapsedMs: number): Flight {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  return {
    perSecond: (sorted.length / elapsedMs) * 1000,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
}

/**
 * Closed loop: `inFlight` workers, each waits for its own before the next; only completed count.
 */
export async function closedLoop(
  inFlight: number,
  count: number,
  work: (worker: number) => Promise<unknown>,
): Promise<Flight> {
  const latencies: Array<number> = [];
  let left = count;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async (_, worker) => {
      while (left > 0) {
        left--;
        const sent = performance.now();
        await work(worker);
        latencies.push(performance.now() - sent);
      }
    }),
  );
  return flightOf(latencies, performance.now() - begun);
}

/** Seconds that the work took. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

/**
 * Runs of several things in turn, so that what else the machine does befalls them alike; the first
 * round warms up and is thrown away.
 */
export async function interleaved<Name extends string, Measured>(
  runs: number,
  things: Readonly<Record<Name, () => Promise<Measured>>>,
): Promise<Readonly<Record<Name, ReadonlyArray<Measured>>>> {
  const names = Object.keys(things) as Array<Name>;
  const measured = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    Array<Measured>
  >;
  for (const name of names) await things[name]();
  for (let run = 0; run < runs; run++) {
    for (const name of names) measured[name].push(await things[name]());
  }
  return measured;
}

/** Pairs of the same round divided. */
export function ratios(
  ours: ReadonlyArray<number>,
  theirs: ReadonlyArray<number>,
): ReadonlyArray<number> {
  return ours.map((value, run) => value / (theirs[run] ?? Number.NaN));
}
