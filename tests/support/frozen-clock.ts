import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";

/** A clock that stands still until a test sets it forward; sleeping is not changed. */
export function frozenClock(start = Date.now()) {
  const real = Effect.runSync(Effect.service(Clock.Clock));
  let now = start;
  const millis = () => now;
  const nanos = () => BigInt(now) * 1_000_000n;
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
      now += ms;
    },
  };
}
