import * as Cause from "effect/Cause";
import * as Effect from "effect/Effect";
import * as Random from "effect/Random";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import { type Consumer, RETRY_FIRST_MS, RETRY_MS_MAX } from "../ports/consumers.ts";

/** Doubling stops here: the longest wait has been reached. */
const DOUBLINGS_MAX = 7;
/** Of the wait, what chance adds or takes: many that failed at once come back apart. */
const JITTER = 0.25;

export type Trouble = {
  readonly record: LedgerRecord;
  readonly problem: string;
  /** Tries so far, from 1. */
  readonly tries: number;
};

/**
 * Handles one record, again and again until it succeeds; a defect is tried again too, since nothing
 * is skipped. `trouble` is told of each failure before the wait.
 */
export const tryUntilHandled = <E, R, F, Q>(
  consumer: Pick<Consumer<E, R>, "name" | "ledger" | "handle">,
  record: LedgerRecord,
  trouble: (trouble: Trouble) => Effect.Effect<unknown, F, Q>,
): Effect.Effect<void, F, R | Q> =>
  Effect.gen(function* () {
    for (let tries = 1; ; tries++) {
      const handled = yield* Effect.exit(consumer.handle(record));
      if (handled._tag === "Success") return;
      if (Cause.hasInterrupts(handled.cause)) return yield* Effect.interrupt;
      const problem = problemOf(handled.cause);
      yield* Effect.logWarning("A follower of the ledger cannot go on and tries again").pipe(
        Effect.annotateLogs({
          name: consumer.name,
          ledger: consumer.ledger,
          position: record.position,
          error: problem,
          attempt: tries,
        }),
      );
      yield* trouble({ record, problem, tries });
      const longest = Math.min(
        RETRY_MS_MAX,
        (RETRY_FIRST_MS * 2 ** Math.min(tries, DOUBLINGS_MAX)) / 2,
      );
      const chance = yield* Random.next;
      yield* Effect.sleep(longest * (1 + JITTER * (2 * chance - 1)));
    }
  });

/** The name of what went wrong; its message may quote a value. */
export function problemOf(cause: Cause.Cause<unknown>): string {
  const error = Cause.squash(cause);
  if (typeof error === "object" && error !== null && "_tag" in error) return String(error._tag);
  return error instanceof Error ? error.name : "unknown";
}
