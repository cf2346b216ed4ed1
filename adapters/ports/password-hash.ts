import * as Context from "effect/Context";
import * as Data from "effect/Data";
import type * as Effect from "effect/Effect";

/** Every hashing slot and waiting place is taken. */
export class HashPoolBusy extends Data.TaggedError("HashPoolBusy")<{
  readonly retryAfterMs: number;
}> {}

/** The pool as it is now; how long was waited is the metric `authledger_hash_wait_seconds`. */
export type HashPoolStatus = {
  /** Hashes at once at most. */
  readonly slots: number;
  readonly running: number;
  readonly waiting: number;
  /** Waiting places; past them `HashPoolBusy`. */
  readonly waitingMax: number;
};

/**
 * argon2id (RFC 9106) in a bounded pool.
 *
 * Shape: a stored hash is text that begins with its scheme. Ours is the PHC string
 * `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. Hashes that came from elsewhere are verified until their
 * owner has signed in once, and are one of these (base64 without padding):
 * `$scrypt$ln=…,r=…,p=…$salt$hash` (RFC 7914), `$pbkdf2-sha256$i=…$salt$hash` and
 * `$pbkdf2-sha512$i=…$salt$hash` (RFC 8018), `$2a$…`, `$2b$…` and `$2y$…` (bcrypt, 72 bytes of the
 * password), and argon2 in other variants and costs.
 */
export class PasswordHash extends Context.Service<
  PasswordHash,
  {
    /** A PHC string of our own scheme and cost. */
    readonly hash: (password: string) => Effect.Effect<string, HashPoolBusy>;
    /**
     * Against no hash it takes the same time and answers false: unknown accounts look like known
     * ones. A hash that cannot be read answers false too, and is logged. Until its owner signs in,
     * a hash of another scheme takes the time of that scheme.
     */
    readonly verify: (
      stored: string | undefined,
      password: string,
    ) => Effect.Effect<boolean, HashPoolBusy>;
    /** Whether `hash` would make it so today; if not, it is replaced when its password is known. */
    readonly isCurrent: (stored: string) => boolean;
    readonly status: Effect.Effect<HashPoolStatus>;
  }
>()("authledger/adapters/ports/PasswordHash") {}
