import * as Context from "effect/Context";
import * as Metric from "effect/Metric";
import { expect, test } from "vitest";
import { gauge, prometheusText } from "../../api/operations/prometheus-text.ts";
import { readPrometheus } from "../support/prometheus.ts";

test("every kind of series is written, each family together, with labels escaped", () => {
  const context = Context.make(Metric.MetricRegistry, new Map());
  const took = Metric.histogram("took_seconds", { boundaries: [0.1, 1], description: "How\nlong" });
  for (const seconds of [0.05, 0.5, 5]) took.updateUnsafe(seconds, context);
  const odd = 'a"b\\c\nd';
  for (const kind of ["one", "two"]) {
    const attributes = { kind };
    Metric.counter("things_total", { attributes, description: "x" }).updateUnsafe(2, context);
  }
  const text = prometheusText([
    ...Metric.snapshotUnsafe(context),
    gauge("at", "Where", -1.5, { odd }),
  ]);
  expect(readPrometheus(text)).toEqual([
    { name: "at", labels: { odd }, value: -1.5 },
    { name: "things_total", labels: { kind: "one" }, value: 2 },
    { name: "things_total", labels: { kind: "two" }, value: 2 },
    { name: "took_seconds_bucket", labels: { le: "0.1" }, value: 1 },
    { name: "took_seconds_bucket", labels: { le: "1" }, value: 2 },
    { name: "took_seconds_bucket", labels: { le: "+Inf" }, value: 3 },
    { name: "took_seconds_sum", labels: {}, value: 5.55 },
    { name: "took_seconds_count", labels: {}, value: 3 },
  ]);
});

test.each([
  ["a family in two places", "# HELP a x\n# TYPE a gauge\na 1\n# HELP a x\n# TYPE a gauge\na 2\n"],
  ["a sample twice", "# HELP a x\n# TYPE a gauge\na 1\na 1\n"],
  ["an open label", '# HELP a x\n# TYPE a gauge\na{b="c} 1\n'],
  ["no newline at the end", "# HELP a x\n# TYPE a gauge\na 1"],
])("the reader of these tests refuses %s", (_, text) => {
  expect(() => readPrometheus(text)).toThrow();
});
