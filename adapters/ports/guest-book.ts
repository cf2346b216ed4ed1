import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { StoreUnavailable } from "./store-unavailable.ts";

/**
 * Guests who make room for one newcomer at most: a limit that was lowered is reached in steps, and
 * nobody waits for thousands of evictions.
 */
export const EVICTED_MAX = 20;
/** Who was to make room and is here after this long is asked again: the request died. */
export const LEAVING_MS_MAX = 60_000;

/**
 * Which guests there are and when each was last seen. Volatile: made from events and made again
 * from them, outside digests and `as_of`.
 *
 * Shape: times are milliseconds since 1970.
 */
export class GuestBook extends Context.Service<
  GuestBook,
  {
    /**
     * Writes a newcomer down and answers who makes room for them: the longest unseen of those past
     * `max`, each to one caller alone. Of many at once, no more make room than are too many.
     */
    readonly admit: (newcomer: {
      readonly userId: string;
      readonly nowMs: number;
      readonly max: number;
    }) => Effect.Effect<ReadonlyArray<string>, StoreUnavailable>;
    /** Writes a guest down whom nobody admitted here; who is in it stays as they are. */
    readonly enter: (userId: string, seenMs: number) => Effect.Effect<void, StoreUnavailable>;
    /** Never goes back; of whoever is not in the book, nothing. */
    readonly seen: (userId: string, seenMs: number) => Effect.Effect<void, StoreUnavailable>;
    /** No guest any more. */
    readonly leave: (userId: string) => Effect.Effect<void, StoreUnavailable>;
  }
>()("authledger/adapters/ports/GuestBook") {}
