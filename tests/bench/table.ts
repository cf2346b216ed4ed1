import type { Line } from "./line.ts";
import type { Spread } from "./measure.ts";

/** The machine, a line for each measurement, and how each grows with its ledger. */
export function table(
  machine: Readonly<Record<string, string | number>>,
  lines: ReadonlyArray<Line>,
): string {
  const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  const head = [
    "what",
    "events",
    "ours",
    "peer or limit",
    "ratio",
    "p50 / p99 ms",
    "MiB",
    "target",
  ];
  const rows = lines.map((line) => [
    line.what,
    line.size === undefined ? "" : number(line.size),
    `${spread(line.ours)} ${line.unit}`,
    line.reference === undefined
      ? ""
      : `${line.reference.name}: ${spread(line.reference.measured)}${latencies(line)}`,
    line.ratio === undefined ? "" : `${spread(line.ratio)} ×`,
    line.p50Ms === undefined ? "" : `${number(line.p50Ms)} / ${number(line.p99Ms ?? Number.NaN)}`,
    line.memoryMiB === undefined ? "" : number(Math.round(line.memoryMiB)),
    line.wanted.map(({ text, met }) => `${text} ${met ? "yes" : "NO"}`).join(", "),
  ]);
  const growth = slopes(lines);
  const grown =
    growth.length === 0
      ? []
      : ["", "Growth: cost of one goes with events to the power of", ...growth];
  return `${[facts.join(" · "), "", ...aligned([head, ...rows]), ...grown].join("\n")}\n`;
}

function latencies({ referenceP50Ms, referenceP99Ms }: Line): string {
  if (referenceP50Ms === undefined || referenceP99Ms === undefined) return "";
  return `, ${number(referenceP50Ms)} / ${number(referenceP99Ms)} ms`;
}

/** Median, then least and greatest where there were several. */
function spread({ median, min, max, runs }: Spread): string {
  return runs < 2 ? number(median) : `${number(median)} (${number(min)}–${number(max)})`;
}

function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}

function aligned(rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Of every measurement made at several sizes: 0 is flat, 1 grows as the ledger does. */
export function slopes(lines: ReadonlyArray<Line>): ReadonlyArray<string> {
  const names = new Set(lines.map(nameOf));
  return [...names].flatMap((name) => {
    const points = lines
      .filter((line) => nameOf(line) === name && line.size !== undefined)
      .map(({ size = 1, unit, ours }) => ({
        x: Math.log(size),
        y: Math.log(unit === "/s" ? 1 / ours.median : ours.median),
      }));
    return points.length < 2 ? [] : [`  ${name}: ${slopeOf(points).toFixed(2)}`];
  });
}

function nameOf({ what, reference }: Line): string {
  const against = reference?.name.replace(/ of \d+$/, "");
  return against === undefined ? what : `${what} (beside ${against})`;
}

/** Least squares. */
function slopeOf(points: ReadonlyArray<{ readonly x: number; readonly y: number }>): number {
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const over = mean((point) => (point.x - x) * (point.y - y));
  return over / mean((point) => (point.x - x) ** 2);
}
