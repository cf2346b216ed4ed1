import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { Keyring } from "../ports/keyring.ts";
import {
  type Reservation,
  type ThrottleLimit,
  Throttles,
  throttlePurpose,
} from "../ports/throttles.ts";

/** Below this many places nothing is swept: they are small. */
const SWEEP_FROM = 1_000;

/** Times are milliseconds since 1970. */
type Kept = {
  /** Charges that still count, oldest first; of a place that delays, the last alone. */
  readonly taken: ReadonlyArray<number>;
  readonly strikes: number;
  readonly toldUntil: number;
  readonly expiresAt: number;
};
const UNTOUCHED: Kept = { taken: [], strikes: 0, toldUntil: 0, expiresAt: 0 };

/** Counters in a `Map`, by the process's clock. */
export const layer: Layer.Layer<Throttles, never, Keyring> = Layer.effect(
  Throttles,
  Effect.gen(function* () {
    const { artefact } = yield* Keyring;
    const places = new Map<string, Kept>();
    let sweepAt = SWEEP_FROM;
    const placeOf = (bucket: string, key: string) =>
      Buffer.from(artefact(throttlePurpose(bucket), key)).toString("base64url");
    const sweep = (now: number) => {
      if (places.size < sweepAt) return;
      for (const [place, { expiresAt }] of places) if (expiresAt < now) places.delete(place);
      sweepAt = Math.max(SWEEP_FROM, 2 * places.size);
    };
    return {
      reserve: Effect.fnUntraced(function* (charges): Effect.fn.Return<Reservation> {
        const now = yield* Clock.currentTimeMillis;
        sweep(now);
        const asked = charges.map(({ bucket, key, limit }) => {
          const place = placeOf(bucket, key);
          const kept = places.get(place) ?? UNTOUCHED;
          return { bucket, place, limit, kept, waitMs: waitOf(kept, limit, now) };
        });
        const refused = asked
          .filter(({ waitMs }) => waitMs > 0)
          .toSorted((a, b) => b.waitMs - a.waitMs)[0];
        if (refused === undefined) {
          for (const { place, kept, limit } of asked) places.set(place, charged(kept, limit, now));
          return { admitted: true };
        }
        const { bucket, place, limit, kept, waitMs: retryAfterMs } = refused;
        const first = now >= kept.toldUntil;
        if (first) {
          const toldUntil = now + Math.max(retryAfterMs, limit.windowMs);
          places.set(place, { ...kept, toldUntil, expiresAt: Math.max(kept.expiresAt, toldUntil) });
        }
        return { admitted: false, bucket, retryAfterMs, first };
      }),
      forgive: (bucket, key) => Effect.sync(() => void places.delete(placeOf(bucket, key))),
    };
  }),
);

const liveOf = ({ taken }: Kept, windowMs: number, now: number) =>
  taken.filter((at) => at > now - windowMs);

/** Strikes that are not yet forgotten. */
function levelOf({ taken, strikes }: Kept, delayMaxMs: number, now: number): number {
  const quietMs = Math.max(0, now - (taken.at(-1) ?? now));
  return Math.max(0, strikes - Math.floor(quietMs / delayMaxMs));
}

function waitOf(kept: Kept, { max, windowMs, delayMaxMs }: ThrottleLimit, now: number): number {
  if (delayMaxMs !== undefined) {
    const level = levelOf(kept, delayMaxMs, now);
    if (level < max) return 0;
    const delayMs = Math.min(delayMaxMs, windowMs * 2 ** (level - max));
    return Math.max(0, (kept.taken.at(-1) ?? now) + delayMs - now);
  }
  const live = liveOf(kept, windowMs, now);
  if (live.length < max) return 0;
  return (live[live.length - max] ?? now) + windowMs - now;
}

function charged(kept: Kept, { max, windowMs, delayMaxMs }: ThrottleLimit, now: number): Kept {
  const { toldUntil } = kept;
  if (delayMaxMs === undefined) {
    const taken = [...liveOf(kept, windowMs, now), now];
    return { taken, strikes: 0, toldUntil, expiresAt: now + windowMs };
  }
  // More strikes than the longest delay needs would only take longer to be forgotten.
  const strikesMax = max + Math.ceil(Math.log2(delayMaxMs / windowMs));
  const strikes = Math.min(levelOf(kept, delayMaxMs, now) + 1, strikesMax);
  return { taken: [now], strikes, toldUntil, expiresAt: now + strikes * delayMaxMs };
}
