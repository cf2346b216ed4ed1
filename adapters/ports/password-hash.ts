import * as Context from "effect/Context";
import * as Data from "effect/Data";
import type * as Effect from "effect/Effect";

/** Every hashing slot and waiting place is taken. */
export class HashPoolBusy extends Data.TaggedError("HashPoolBusy")<{
  readonly retryAfterMs: number;
}> {}

/** argon2id (RFC 9106) in a bounded pool. */
export class PasswordHash extends Context.Service<
  PasswordHash,
  {
    /** A PHC string. */
    readonly hash: (password: string) => Effect.Effect<string, HashPoolBusy>;
    /**
     * Against no hash it takes the same time and answers false: unknown accounts look like known
     * ones.
     */
    readonly verify: (
      phc: string | undefined,
      password: string,
    ) => Effect.Effect<boolean, HashPoolBusy>;
  }
>()("authledger/adapters/ports/PasswordHash") {}
