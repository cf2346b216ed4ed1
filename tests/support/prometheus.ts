/** One line of values; labels in the order written. */
export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/gy;
const TYPES = ["counter", "gauge", "histogram"];

/**
 * A strict reader of the text format 0.0.4, stricter than Prometheus: each family stands together,
 * has HELP and TYPE before its samples, and no sample comes twice.
 */
export function readPrometheus(text: string): ReadonlyArray<Sample> {
  if (!text.endsWith("\n")) throw new Error("no newline at the end");
  const samples: Array<Sample> = [];
  const seen = new Set<string>();
  const types = new Map<string, string>();
  let family = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment !== null) {
      const [, kind, name = "", rest = ""] = comment;
      if (kind === "HELP" && types.has(name)) throw new Error(`${name} stands in two places`);
      if (kind === "TYPE") {
        if (name !== family || !TYPES.includes(rest)) throw new Error(`not a type: ${line}`);
        types.set(name, rest);
      }
      family = name;
      continue;
    }
    const sample = sampleOf(line);
    const key = JSON.stringify([sample.name, sample.labels]);
    const base = types.get(family) === "histogram" ? /_(?:bucket|sum|count)$/ : /$/;
    if (sample.name.replace(base, "") !== family) throw new Error(`stray sample: ${line}`);
    if (types.get(family) === "counter" && !family.endsWith("_total")) {
      throw new Error(`a counter without _total: ${family}`);
    }
    if (seen.has(key)) throw new Error(`twice: ${line}`);
    seen.add(key);
    samples.push(sample);
  }
  return samples;
}

function sampleOf(line: string): Sample {
  const [, name = "", inside = "", number = ""] = SAMPLE.exec(line) ?? [];
  const value = number === "+Inf" ? Number.POSITIVE_INFINITY : Number(number);
  if (name === "" || number === "" || Number.isNaN(value)) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < inside.length) {
    const found = LABEL.exec(inside);
    if (found === null) throw new Error(`not labels: ${line}`);
    const [, label = "", text = ""] = found;
    if (label in labels) throw new Error(`label twice: ${line}`);
    labels[label] = text.replaceAll(/\\(.)/g, (_, c: string) => (c === "n" ? "\n" : c));
  }
  return { name, labels, value };
}
