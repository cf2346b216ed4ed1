import * as Effect from "effect/Effect";
import * as Metric from "effect/Metric";
import { expect, test } from "vitest";
import { prometheusText } from "../../api/operations/prometheus-text.ts";
import { metricRegistry } from "../../ops/metric-registry.ts";
import { packageVersion } from "../../ops/package-version.ts";
import { processMetrics } from "../../ops/process-metrics.ts";
import { readPrometheus } from "../support/prometheus.ts";

test("a process tells memory, processor time and which program it is, until it ends", async () => {
  const read = Effect.map(Metric.snapshot, (series) => readPrometheus(prometheusText(series)));
  const [during, after] = await Effect.runPromise(
    Effect.gen(function* () {
      const scoped = yield* Effect.scoped(Effect.andThen(processMetrics, read));
      return [scoped, yield* Metric.snapshot] as const;
    }).pipe(Effect.provide(metricRegistry)),
  );
  const numberOf = (wanted: string) => during.find(({ name }) => name === wanted)?.value ?? 0;
  expect(numberOf("process_resident_memory_bytes")).toBeGreaterThan(2 ** 20);
  expect(numberOf("process_cpu_seconds_total")).toBeGreaterThan(0);
  expect(numberOf("process_start_time_seconds")).toBeLessThanOrEqual(Date.now() / 1_000);
  const build = during.find(({ name }) => name === "authledger_build_info");
  expect(build?.labels).toMatchObject({ version: packageVersion() });
  expect(after.map(({ id }) => id)).not.toContain("authledger_build_info");
});
