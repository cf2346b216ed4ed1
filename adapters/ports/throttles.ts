import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { StoreUnavailable } from "./store-unavailable.ts";

/** How often something may be done. */
export type ThrottleLimit = {
  /** Charges that pass in any span of `windowMs`. */
  readonly max: number;
  readonly windowMs: number;
  /**
   * With it, charges are remembered as strikes and one is forgotten each `delayMaxMs`: the first
   * `max` pass at once, and each later one only after a delay since the one before, of `windowMs`
   * at first, twice as long each time, `delayMaxMs` at most. Without the memory, whoever keeps
   * just below the limit of a window would never be slowed down.
   */
  readonly delayMaxMs?: number;
};

/**
 * One place to charge: what is counted, and for whom. `key` is plain text of any length, of which
 * an HMAC is kept; no two charges of a request share bucket and key.
 */
export type Charge = {
  readonly bucket: string;
  readonly key: string;
  readonly limit: ThrottleLimit;
};

/** What a request was answered. */
export type Reservation =
  | { readonly admitted: true }
  | {
      readonly admitted: false;
      /** The bucket that refuses for longest. */
      readonly bucket: string;
      readonly retryAfterMs: number;
      /** Nobody was refused there since the refusal began: worth telling once. */
      readonly first: boolean;
    };

/**
 * Counters shared by all processes. Volatile: they end with a crash of the database, and what has
 * run out is swept.
 *
 * Atomicity: a request's charges are made all or none, and of many at once exactly as many pass as
 * may. What is refused costs nothing: it neither counts nor prolongs a delay.
 * Order: by the database's clock.
 */
export class Throttles extends Context.Service<
  Throttles,
  {
    readonly reserve: (
      charges: ReadonlyArray<Charge>,
    ) => Effect.Effect<Reservation, StoreUnavailable>;
    /** Forgets every charge of one place. */
    readonly forgive: (bucket: string, key: string) => Effect.Effect<void, StoreUnavailable>;
  }
>()("authledger/adapters/ports/Throttles") {}

/** What is kept instead of a key, in the name of the artefact key. */
export const throttlePurpose = (bucket: string): string => `throttle/${bucket}`;
