import * as Effect from "effect/Effect";
import { type Charge, Throttles } from "../../adapters/ports/throttles.ts";
import { Problem } from "../http/problem.ts";

/**
 * Charges all of these places or none; fails when one of them is full.
 *
 * Errors: 429 throttled with Retry-After; `onFirst` runs before the first refusal of a window.
 */
export const charge = <E = never, R = never>(
  charges: ReadonlyArray<Charge>,
  onFirst: (bucket: string) => Effect.Effect<unknown, E, R> = () => Effect.void,
) =>
  Effect.gen(function* () {
    const reserved = yield* (yield* Throttles).reserve(charges);
    if (reserved.admitted) return;
    const { bucket, retryAfterMs, first } = reserved;
    if (first) yield* onFirst(bucket);
    return yield* new Problem({ status: 429, code: "throttled", retryAfterMs });
  });
