import { availableParallelism } from "node:os";
import { hashSync, type Options } from "@node-rs/argon2";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { PasswordHash } from "../ports/password-hash.ts";
import { boundedPool } from "./bounded-pool.ts";
import { hashThread, type Job } from "./hash-thread.ts";

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
 * Hashes at once: one core stays free for the event loop, and more than three would be a load that
 * one event loop cannot bring.
 */
const SLOTS_MAX = 3;

/** How many slots this machine has. */
export const hashSlots = (): number => Math.min(Math.max(1, availableParallelism() - 1), SLOTS_MAX);

/** Waiting places for each slot: at 20 ms a hash the last one waits about a second. */
const WAITING_PER_SLOT = 60;

/** About what a full queue takes to drain. */
const RETRY_AFTER_MS = 1_000;

/** Jobs that a thread has in hand beside the one it does. */
const AHEAD_PER_SLOT = 1;

/** argon2id in threads, bounded; other schemes beside it, for hashes from elsewhere. */
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
  const nobody = hashSync(crypto.randomUUID(), options);
  const slots = hashSlots();
  const threads = yield* Effect.acquireRelease(
    Effect.sync(() => Array.from({ length: slots }, hashThread)),
    (started) => Effect.promise(() => Promise.all(started.map(({ close }) => close()))),
  );
  const { run, status } = yield* boundedPool({
    slots,
    ahead: slots * AHEAD_PER_SLOT,
    waitingMax: slots * WAITING_PER_SLOT,
    retryAfterMs: RETRY_AFTER_MS,
  });
  const work = (job: Job) =>
    run((begun) => {
      const idlest = threads.reduce((least, one) => (one.jobs() < least.jobs() ? one : least));
      return idlest.work(job, begun);
    });
  return PasswordHash.of({
    hash: (password) => Effect.map(work({ type: "hash", password, options }), String),
    verify: (stored = nobody, password) =>
      work({ type: "verify", stored, password, nobody }).pipe(
        Effect.tap((fits) => (fits === undefined ? UNREADABLE : Effect.void)),
        // Nobody knows the password of nobody.
        Effect.map((fits) => fits === true && stored !== nobody),
      ),
    isCurrent: (stored) => stored.startsWith(current),
    status,
  });
});

/** Which one is not said: a hash in a log would be one leaked. */
const UNREADABLE = Effect.logError("Cannot read a stored password hash: nobody signs in with it");
