import * as Effect from "effect/Effect";
import * as Metric from "effect/Metric";
import * as Semaphore from "effect/Semaphore";
import { HashPoolBusy, type HashPoolStatus } from "../ports/password-hash.ts";

/** Seconds: from a free slot to a full queue. */
const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const MS_PER_SECOND = 1_000;

export type Bounds = {
  /** Done at once. */
  readonly slots: number;
  /** Handed over before a slot is free, so that none stands idle while the event loop is busy. */
  readonly ahead: number;
  /** Those handed over ahead included. */
  readonly waitingMax: number;
  /** About what a full queue takes to drain. */
  readonly retryAfterMs: number;
};

/** What is bounded: it says when its turn has come. */
type Work<A> = (begun: () => void) => Promise<A>;

/** Work outside the event loop, so much at once, so much waiting, the rest refused. */
export const boundedPool = Effect.fnUntraced(function* (bounds: Bounds) {
  const { slots, ahead, waitingMax, retryAfterMs } = bounds;
  const semaphore = yield* Semaphore.make(slots + ahead);
  let places = 0;
  let running = 0;
  const now = (): HashPoolStatus => ({ slots, running, waiting: places - running, waitingMax });
  const meter = yield* poolMeter(now);
  // Whoever asked may go away; what was handed over goes on, and so keeps its place.
  const handedOver = <A>(work: Work<A>, since: number) =>
    Effect.suspend(() => {
      let ran = false;
      const begun = () => {
        ran = true;
        running++;
        meter.waited(performance.now() - since);
      };
      return Effect.ensuring(
        Effect.promise(() => work(begun)),
        Effect.sync(() => {
          if (ran) running--;
        }),
      );
    }).pipe(Effect.uninterruptible);
  return {
    run: <A>(work: Work<A>): Effect.Effect<A, HashPoolBusy> =>
      Effect.suspend(() => {
        if (places >= slots + waitingMax) {
          meter.refused();
          return Effect.fail(new HashPoolBusy({ retryAfterMs }));
        }
        places++;
        const since = performance.now();
        return semaphore
          .withPermits(1)(handedOver(work, since))
          .pipe(Effect.ensuring(Effect.sync(() => places--)));
      }),
    status: Effect.sync(now),
  };
});

/** Records into the registry of the context, where `GET /metrics` reads. */
const poolMeter = Effect.fnUntraced(function* (now: () => HashPoolStatus) {
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
  yield* read("authledger_hash_slots", "Passwords hashed at once at most", () => now().slots);
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
