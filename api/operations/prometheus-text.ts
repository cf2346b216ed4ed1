import type * as Metric from "effect/Metric";

/** Source: Prometheus exposition formats, text format 0.0.4. */
export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

type Series = Metric.Metric.Snapshot;

/** A value that is read when it is asked for. */
export function gauge(
  id: string,
  description: string,
  value: number,
  attributes?: Readonly<Record<string, string>>,
): Series {
  return { id, type: "Gauge", description, attributes, state: { value } };
}

/** A total that somebody else counts; its name ends in `_total`. */
export function counter(
  id: string,
  description: string,
  count: number,
  attributes?: Readonly<Record<string, string>>,
): Series {
  return { id, type: "Counter", description, attributes, state: { count, incremental: true } };
}

/**
 * The series as Prometheus reads them, each name once with all its series below.
 *
 * Names are ours and fit; label values are escaped. Summaries and frequencies are not used here.
 */
export function prometheusText(series: ReadonlyArray<Series>): string {
  const families = new Map<string, Array<Series>>();
  for (const each of series) {
    const family = families.get(each.id);
    if (family === undefined) families.set(each.id, [each]);
    else family.push(each);
  }
  const lines: Array<string> = [];
  for (const [name, family] of [...families].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const [first] = family;
    if (first === undefined) continue;
    if (first.description !== undefined) lines.push(`# HELP ${name} ${escaped(first.description)}`);
    lines.push(`# TYPE ${name} ${first.type.toLowerCase()}`);
    for (const each of family) lines.push(...samples(each));
  }
  return `${lines.join("\n")}\n`;
}

function samples(series: Series): ReadonlyArray<string> {
  const { id, attributes } = series;
  switch (series.type) {
    case "Gauge":
      return [`${id}${labels(attributes)} ${text(series.state.value)}`];
    case "Counter":
      return [`${id}${labels(attributes)} ${text(series.state.count)}`];
    case "Histogram": {
      const { buckets, count, sum } = series.state;
      const bucket = (le: string, value: number) =>
        `${id}_bucket${labels({ ...attributes, le })} ${text(value)}`;
      return [
        ...buckets.map(([boundary, value]) => bucket(text(boundary), value)),
        bucket("+Inf", count),
        `${id}_sum${labels(attributes)} ${text(sum)}`,
        `${id}_count${labels(attributes)} ${text(count)}`,
      ];
    }
    case "Frequency":
    case "Summary":
      return [];
    default:
      return series satisfies never;
  }
}

function labels(attributes: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(attributes ?? {}).map(
    ([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function text(value: number | bigint): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
