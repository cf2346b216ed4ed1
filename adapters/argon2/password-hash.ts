import { availableParallelism } from "node:os";
import { hash, type Options, verify } from "@node-rs/argon2";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { PasswordHash } from "../ports/password-hash.ts";
import { bcryptThread } from "./bcrypt.ts";
import { boundedPool } from "./bounded-pool.ts";
import { parseForeignHash, verifyForeign } from "./foreign-hash.ts";

export type Cost = {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
};

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. */
export const COST: Cost = { memoryKib: 19_456, passes: 2, lanes: 1 };

/** The weakest that the library takes: for tests, where the hash guards nothing. */
export const CHEAP: Cost = { memoryKib: 8, passes: 1, lanes: 1 };

/**
 * Argon2id in RFC 9106; the library's constant is a `const enum`, which types alone cannot give.
 */
const ARGON2ID = 2;

/**
 * Hashes at once: one core stays free for the event loop, and libuv's pool (four threads unless
 * told otherwise, shared with files and DNS) keeps one thread free as well.
 */
const SLOTS_MAX = 3;

/** How many slots this machine has. */
export const hashSlots = (): number => Math.min(Math.max(1, availableParallelism() - 1), SLOTS_MAX);

/** Waiting places for each slot: at 20 ms a hash the last one waits about a second. */
const WAITING_PER_SLOT = 60;

/** About what a full queue takes to drain. */
const RETRY_AFTER_MS = 1_000;

/** argon2id in libuv's thread pool, bounded; other schemes beside it, for hashes from elsewhere. */
export function layer(cost: Cost = COST): Layer.Layer<PasswordHash> {
  return Layer.effect(PasswordHash, pool(cost));
}

const pool = Effect.fnUntraced(function* (cost: Cost) {
  const options: Options = {
    algorithm: ARGON2ID,
    memoryCost: cost.memoryKib,
    timeCost: cost.passes,
    parallelism: cost.lanes,
  };
  const current = `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=${cost.lanes}$`;
  // What nobody's password hashes to; verified against when an account has no hash.
  const nobody = yield* Effect.promise(() => hash(crypto.randomUUID(), options));
  const bcrypt = yield* Effect.acquireRelease(Effect.sync(bcryptThread), ({ close }) =>
    Effect.promise(close),
  );
  const slots = hashSlots();
  const waitingMax = slots * WAITING_PER_SLOT;
  const { run, status } = yield* boundedPool({ slots, waitingMax, retryAfterMs: RETRY_AFTER_MS });

  /** Undefined when the hash cannot be read; that takes as long as a wrong password. */
  const fits = async (stored: string, password: string): Promise<boolean | undefined> => {
    const foreign = parseForeignHash(stored);
    if (foreign !== undefined) return verifyForeign(foreign, password, bcrypt);
    try {
      return await verify(stored, password);
    } catch {
      await verify(nobody, password);
      return undefined;
    }
  };
  return PasswordHash.of({
    hash: (password) => run(() => hash(password, options)),
    verify: (stored, password) =>
      stored === undefined
        ? Effect.as(
            run(() => verify(nobody, password)),
            false,
          )
        : Effect.tap(
            run(() => fits(stored, password)),
            (read) => (read === undefined ? UNREADABLE : Effect.void),
          ).pipe(Effect.map((read) => read === true)),
    isCurrent: (stored) => stored.startsWith(current),
    status,
  });
});

/** Which one is not said: a hash in a log would be one leaked. */
const UNREADABLE = Effect.logError("Cannot read a stored password hash: nobody signs in with it");
