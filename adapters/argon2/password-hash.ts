import { availableParallelism } from "node:os";
import { hash, type Options, verify } from "@node-rs/argon2";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Semaphore from "effect/Semaphore";
import { HashPoolBusy, PasswordHash } from "../ports/password-hash.ts";

export type Cost = {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
};

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. */
const COST: Cost = { memoryKib: 19_456, passes: 2, lanes: 1 };

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

/** Waiting places for each slot: at 20 ms a hash the last one waits about half a second. */
const WAITING_PER_SLOT = 25;

/** About what a full queue takes to drain. */
const RETRY_AFTER_MS = 500;

/** argon2id in libuv's thread pool, bounded. */
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
  // What nobody's password hashes to; verified against when an account has no hash.
  const nobody = yield* Effect.promise(() => hash(crypto.randomUUID(), options));
  const slots = Math.min(Math.max(1, availableParallelism() - 1), SLOTS_MAX);
  const placesMax = slots * (1 + WAITING_PER_SLOT);
  const semaphore = yield* Semaphore.make(slots);
  let places = 0;
  const bounded = <A>(work: () => Promise<A>): Effect.Effect<A, HashPoolBusy> =>
    Effect.suspend(() => {
      if (places >= placesMax) {
        return Effect.fail(new HashPoolBusy({ retryAfterMs: RETRY_AFTER_MS }));
      }
      places++;
      return semaphore
        .withPermits(1)(Effect.promise(work))
        .pipe(Effect.ensuring(Effect.sync(() => places--)));
    });
  return PasswordHash.of({
    hash: (password) => bounded(() => hash(password, options)),
    verify: (phc, password) =>
      bounded(async () => {
        const fits = await verify(phc ?? nobody, password);
        return phc !== undefined && fits;
      }),
  });
});
