import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";

const NANOS_PER_MS = 1_000_000n;

/** The system's clock, set forward as a test wants; sleeping is not changed. */
export function movableClock() {
  const real = Effect.runSync(Effect.service(Clock.Clock));
  return settable(real, () => real.currentTimeMillisUnsafe());
}

/** A clock that stands still until a test sets it forward; sleeping is not changed. */
export function frozenClock(start = Date.now()) {
  return settable(Effect.runSync(Effect.service(Clock.Clock)), () => start);
}

function settable(real: Clock.Clock, base: () => number) {
  let aheadMs = 0;
  const millis = () => base() + aheadMs;
  const nanos = () => BigInt(millis()) * NANOS_PER_MS;
  const clock: Clock.Clock = {
    ...real,
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    sleep: (duration) => real.sleep(duration),
  };
  return {
    clock,
    /** Sets it forward by so much more. */
    forward: (ms: number) => {
      aheadMs += ms;
    },
  };
}
