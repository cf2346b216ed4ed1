import * as Effect from "effect/Effect";
import * as Metric from "effect/Metric";
import * as Semaphore from "effect/Semaphore";
import { HashPoolBusy, type HashPoolStatus } from "../ports/password-hash.ts";

/** Seconds: from a free slot to a full queue. */
const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const MS_PER_SECOND = 1_000;

export type Bounds = {
  readonly slots: number;
  readonly waitingMax: number;
  /** About what a full queue takes to drain. */
  readonly retryAfterMs: number;
};

/** Work outside the event loop, so much at once, so much waiting, the rest refused. */
export const boundedPool = Effect.fnUntraced(function* (bounds: Bounds) {
  const { slots, waitingMax, retryAfterMs } = bounds;
  const semaphore = yield* Semaphore.make(slots);
  let waiting = 0;
  let running = 0;
  const meter = yield* poolMeter(bounds, () => ({ waiting, running }));
  const slotted = <A>(work: () => Promise<A>, since: number) =>
    Effect.suspend(() => {
      waiting--;
      running++;
      meter.waited(performance.now() - since);
      return Effect.promise(work);
      // Whoever asked may go away; the work goes on and so holds its slot.
    }).pipe(Effect.ensuring(Effect.sync(() => running--)), Effect.uninterruptible);
  return {
    run: <A>(work: () => Promise<A>): Effect.Effect<A, HashPoolBusy> =>
      Effect.suspend(() => {
        if (waiting + running >= slots + waitingMax) {
          meter.refused();
          return Effect.fail(new HashPoolBusy({ retryAfterMs }));
        }
        waiting++;
        let begun = false;
        const since = performance.now();
        return semaphore
          .withPermits(1)(
            Effect.suspend(() => {
              begun = true;
              return slotted(work, since);
            }),
          )
          .pipe(Effect.onInterrupt(() => Effect.sync(() => void (begun || waiting--))));
      }),
    status: Effect.sync((): HashPoolStatus => ({ slots, running, waiting, waitingMax })),
  };
});

/** Records into the registry of the context, where `GET /metrics` reads. */
const poolMeter = Effect.fnUntraced(function* (
  { slots }: Bounds,
  now: () => { readonly waiting: number; readonly running: number },
) {
  const context = yield* Effect.context<never>();
  const still = () => {};
  const read = (name: string, description: string, value: () => number) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        const get = () => ({ value: value() });
        const metric = Metric.gauge(name, { description });
        return Metric.registerUnsafe(metric, context, { get, update: still, modify: still });
      }),
      (registration) => Effect.sync(registration.remove),
    );
  yield* read("authledger_hash_slots", "Passwords hashed at once at most", () => slots);
  yield* read("authledger_hash_running", "Passwords being hashed", () => now().running);
  yield* read("authledger_hash_waiting", "Passwords that wait for a slot", () => now().waiting);
  const wait = Metric.histogram("authledger_hash_wait_seconds", {
    description: "Time from a request to hash a password to its slot",
    boundaries: SECONDS,
  });
  const refused = Metric.counter("authledger_hash_refused_total", {
    description: "Passwords not hashed because every place was taken",
  });
  return {
    waited: (ms: number) => wait.updateUnsafe(ms / MS_PER_SECOND, context),
    refused: () => refused.updateUnsafe(1, context),
  };
});
