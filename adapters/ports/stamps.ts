import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { StoreUnavailable } from "./store-unavailable.ts";

/** `session`: a request came with it, by session id. `sign-in`: somebody signed in, by user id. */
export type StampKind = "session" | "sign-in";

/**
 * What a stamp must be older by to be written again, in milliseconds: a session is used many times
 * a second and nobody asks to the second; a sign-in is rare and its time is shown.
 */
export const STAMP_INTERVAL_MS: { readonly [kind in StampKind]: number } = {
  session: 10 * 60 * 1000,
  "sign-in": 0,
};

/**
 * When something was last seen. Volatile: not folded from events, outside digests and `as_of`.
 *
 * Shape: times are milliseconds since 1970. A stamp never goes back.
 */
export class Stamps extends Context.Service<
  Stamps,
  {
    /** Whether it was written: of many at once within the interval, one is. */
    readonly touch: (
      kind: StampKind,
      id: string,
      atMs: number,
    ) => Effect.Effect<boolean, StoreUnavailable>;
    /** By id; what was never touched is left out. */
    readonly get: (
      kind: StampKind,
      ids: ReadonlyArray<string>,
    ) => Effect.Effect<ReadonlyMap<string, number>, StoreUnavailable>;
    readonly forget: (
      kind: StampKind,
      ids: ReadonlyArray<string>,
    ) => Effect.Effect<void, StoreUnavailable>;
    /** Forgets every stamp that is older. */
    readonly forgetBefore: (kind: StampKind, atMs: number) => Effect.Effect<void, StoreUnavailable>;
  }
>()("authledger/adapters/ports/Stamps") {}
