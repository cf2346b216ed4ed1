import * as Effect from "effect/Effect";
import * as Metric from "effect/Metric";
import type * as Scope from "effect/Scope";
import { packageVersion } from "./package-version.ts";

/** Often enough to meet a blocked event loop, seldom enough to cost nothing. */
const LOOK_MS = 100;
/** Seconds: one frame of a screen, up to what clients take for an outage. */
const SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const MS_PER_SECOND = 1_000;
const MICROSECONDS_PER_SECOND = 1_000_000;

/** This process in the registry of the context, until the scope closes. */
export const processMetrics: Effect.Effect<void, never, Scope.Scope> = Effect.gen(function* () {
  const context = yield* Effect.context<never>();
  const still = () => {};
  const read = <State>(metric: Metric.Metric<number, State>, get: () => State) =>
    Effect.acquireRelease(
      Effect.sync(() =>
        Metric.registerUnsafe(metric, context, { get, update: still, modify: still }),
      ),
      (registration) => Effect.sync(registration.remove),
    );
  for (const [id, about, value] of GAUGES) {
    yield* read(Metric.gauge(id, { description: about }), () => ({ value: value() }));
  }
  const used = { description: "Processor time that this process has used" };
  yield* read(Metric.counter("process_cpu_seconds_total", used), () => {
    const { user, system } = process.cpuUsage();
    return { count: (user + system) / MICROSECONDS_PER_SECOND, incremental: true };
  });
  const attributes = { version: packageVersion(), runtime: runtime() };
  const description = "Which program runs; always 1";
  yield* read(Metric.gauge("authledger_build_info", { description, attributes }), () => ({
    value: 1,
  }));

  // Of our own: Deno's `monitorEventLoopDelay` is there and does not see a blocked loop.
  const delay = Metric.histogram("authledger_event_loop_delay_seconds", {
    description: "How much later than it should a timer came",
    boundaries: SECONDS,
  });
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      let due = performance.now() + LOOK_MS;
      const look = () => {
        const now = performance.now();
        delay.updateUnsafe(Math.max(0, now - due) / MS_PER_SECOND, context);
        due = now + LOOK_MS;
      };
      const timer = setInterval(look, LOOK_MS);
      timer.unref();
      return timer;
    }),
    (timer) => Effect.sync(() => clearInterval(timer)),
  );
});

const GAUGES: ReadonlyArray<readonly [string, string, () => number]> = [
  [
    "process_resident_memory_bytes",
    "Resident memory of this process",
    () => process.memoryUsage().rss,
  ],
  ["authledger_heap_used_bytes", "JavaScript heap in use", () => process.memoryUsage().heapUsed],
  [
    "authledger_external_memory_bytes",
    "Memory of buffers and WebAssembly outside the heap",
    () => process.memoryUsage().external,
  ],
  [
    "process_start_time_seconds",
    "When this process began, in seconds since 1970",
    () => Date.now() / MS_PER_SECOND - process.uptime(),
  ],
];

function runtime(): string {
  return "Deno" in globalThis ? "deno" : `node-${process.versions.node}`;
}
