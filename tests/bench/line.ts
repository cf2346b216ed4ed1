import { ratios, type Spread, spreadOf } from "./measure.ts";

export type Unit = "/s" | "s" | "ms" | "MiB";

/** One line of the table. */
export type Line = {
  readonly what: string;
  /** Events in the ledger, where it matters. */
  readonly size?: number;
  readonly unit: Unit;
  readonly ours: Spread;
  /** Peer or limit, in the same run. */
  readonly reference?: { readonly name: string; readonly measured: Spread };
  readonly ratio?: Spread;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly referenceP50Ms?: number;
  readonly referenceP99Ms?: number;
  /** Resident memory of the process that did it. */
  readonly memoryMiB?: number;
  readonly wanted: ReadonlyArray<Wanted>;
};

export type Wanted = { readonly text: string; readonly met: boolean };

/** What one line is made of: runs of ours, and of the reference in the same rounds. */
export type Runs = {
  readonly what: string;
  readonly size?: number;
  readonly unit: Unit;
  readonly ours: ReadonlyArray<number>;
  readonly reference?: { readonly name: string; readonly runs: ReadonlyArray<number> };
  readonly latencies?: ReadonlyArray<{ readonly p50Ms: number; readonly p99Ms: number }>;
  readonly referenceLatencies?: ReadonlyArray<{ readonly p50Ms: number; readonly p99Ms: number }>;
  readonly memoryMiB?: number;
  /** Ours over the reference, at least. */
  readonly ratioMin?: number;
  readonly oursMin?: number;
  readonly oursMax?: number;
  readonly p99MaxMs?: number;
};

/** Sums the runs up: medians with their extremes, and whether each target was reached. */
export function lineOf(runs: Runs): Line {
  const { what, size, unit, reference, latencies, referenceLatencies, memoryMiB } = runs;
  const ours = spreadOf(runs.ours);
  const ratio = reference && spreadOf(ratios(runs.ours, reference.runs));
  const median = (values: ReadonlyArray<number>) => spreadOf(values).median;
  const p99Ms = latencies && median(latencies.map((run) => run.p99Ms));
  return {
    what,
    unit,
    ours,
    ...(size !== undefined && { size }),
    ...(reference && {
      reference: { name: reference.name, measured: spreadOf(reference.runs) },
    }),
    ...(ratio && { ratio }),
    ...(latencies && { p50Ms: median(latencies.map((run) => run.p50Ms)) }),
    ...(p99Ms !== undefined && { p99Ms }),
    ...(referenceLatencies && {
      referenceP50Ms: median(referenceLatencies.map((run) => run.p50Ms)),
      referenceP99Ms: median(referenceLatencies.map((run) => run.p99Ms)),
    }),
    ...(memoryMiB !== undefined && { memoryMiB }),
    wanted: wantedOf(runs, { ours: ours.median, ratio: ratio?.median, p99Ms }),
  };
}

function wantedOf(
  { unit, ratioMin, oursMin, oursMax, p99MaxMs }: Runs,
  reached: { ours: number; ratio: number | undefined; p99Ms: number | undefined },
): ReadonlyArray<Wanted> {
  const all: Array<Wanted> = [];
  const shown = (value: number) => `${value.toLocaleString("en-US")}${unit === "/s" ? "" : " "}`;
  if (ratioMin !== undefined) {
    all.push({ text: `≥ ${ratioMin} ×`, met: (reached.ratio ?? 0) >= ratioMin });
  }
  if (oursMin !== undefined) {
    all.push({ text: `≥ ${shown(oursMin)}${unit}`, met: reached.ours >= oursMin });
  }
  if (oursMax !== undefined) {
    all.push({ text: `≤ ${shown(oursMax)}${unit}`, met: reached.ours <= oursMax });
  }
  if (p99MaxMs !== undefined) {
    const met = (reached.p99Ms ?? Number.POSITIVE_INFINITY) <= p99MaxMs;
    all.push({ text: `p99 ≤ ${p99MaxMs} ms`, met });
  }
  return all;
}
