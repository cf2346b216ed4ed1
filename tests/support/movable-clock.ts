import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";

/** The system's clock, set forward as a test wants; sleeping is not changed. */
export function movableClock() {
  const real = Effect.runSync(Effect.service(Clock.Clock));
  let aheadMs = 0;
  const millis = () => real.currentTimeMillisUnsafe() + aheadMs;
  const nanos = () => real.currentTimeNanosUnsafe() + BigInt(aheadMs) * 1_000_000n;
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
