import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
import {
  type Append,
  type AppendError,
  type Appended,
  LedgerBusy,
  LedgerUnavailable,
} from "../ports/ledger.ts";
import type { AppendMeter } from "./append-metrics.ts";

/** Requests waiting at most: past it an answer would come later than a client waits. */
const QUEUE_MAX = 8_192;
const RETRY_AFTER_MS = 1_000;

/** One flush stays short enough for a slow reader of its locks, and for PGlite's event loop. */
const BATCH_REQUESTS_MAX = 256;
const BATCH_ENTRIES_MAX = 500;

/** What became of one request of a flush. */
export type Outcome = { readonly appended: Appended } | { readonly refused: AppendError };

/** Appends a batch in one step; answers one outcome a request, in order. Never fails. */
export type Flush = (batch: ReadonlyArray<Append>) => Effect.Effect<ReadonlyArray<Outcome>>;

type Waiting = {
  readonly request: Append;
  readonly settle: (outcome: Outcome) => void;
  /** By `performance.now()`, in ms. */
  readonly since: number;
};

/**
 * Requests queue while a flush runs and go with the next one. There is no timer: at low load a
 * request waits for nothing but its own round trip.
 *
 * Order: requests of one process are flushed in the order they came. Ownership: closing the scope
 * flushes what is queued; a request after that is refused as busy.
 */
export const groupCommit = (
  flush: Flush,
  meter: AppendMeter,
): Effect.Effect<
  { readonly append: (request: Append) => Effect.Effect<Appended, AppendError> },
  never,
  Scope.Scope
> =>
  Effect.gen(function* () {
    const run = Effect.runPromiseWith(yield* Effect.context<never>());
    let queue: Array<Waiting> = [];
    let flushing: Promise<void> | undefined;
    let closed = false;

    const pump = async () => {
      while (queue.length > 0) {
        const { batch, rest } = take(queue);
        queue = rest;
        const requests = batch.map(({ request }) => request);
        const begun = performance.now();
        for (const { since } of batch) meter.waited(begun - since);
        const outcomes = await run(
          // A defect must not leave the queue standing for ever behind a flush that never ended.
          Effect.catchCause(flush(requests), (cause) => Effect.succeed(allRefused(batch, cause))),
        );
        meter.flushed(batch.length, performance.now() - begun);
        const unanswered = { refused: new LedgerUnavailable({ cause: "no outcome" }) };
        for (const [i, { request, settle }] of batch.entries()) {
          const outcome = outcomes[i] ?? unanswered;
          if ("appended" in outcome && !outcome.appended.repeated) meter.appended(request);
          settle(outcome);
        }
      }
      flushing = undefined;
    };

    const registration = meter.queue(() => queue.length);
    yield* Effect.addFinalizer(() =>
      Effect.promise(async () => {
        closed = true;
        await flushing;
        registration.remove();
      }),
    );

    const append = (request: Append) =>
      Effect.callback<Appended, AppendError>((resume) => {
        if (closed || queue.length >= QUEUE_MAX) {
          resume(Effect.fail(new LedgerBusy({ retryAfterMs: RETRY_AFTER_MS })));
          return;
        }
        const settle = (outcome: Outcome) =>
          resume(
            "appended" in outcome ? Effect.succeed(outcome.appended) : Effect.fail(outcome.refused),
          );
        queue.push({ request, settle, since: performance.now() });
        // Started a microtask later, so that requests made in the same turn share the first flush.
        flushing ??= Promise.resolve().then(pump);
      });
    return { append };
  });

function allRefused(batch: ReadonlyArray<Waiting>, cause: unknown): ReadonlyArray<Outcome> {
  return batch.map(() => ({ refused: new LedgerUnavailable({ cause }) }));
}

/** The next batch. A request id already in it waits: it is a repetition of one not yet answered. */
function take(queue: ReadonlyArray<Waiting>): { batch: Array<Waiting>; rest: Array<Waiting> } {
  const batch: Array<Waiting> = [];
  const rest: Array<Waiting> = [];
  const ids = new Set<string>();
  let entries = 0;
  for (const [i, waiting] of queue.entries()) {
    const { requestId, entries: drafts } = waiting.request;
    const more = entries + drafts.length;
    if (batch.length === BATCH_REQUESTS_MAX || (batch.length > 0 && more > BATCH_ENTRIES_MAX)) {
      rest.push(...queue.slice(i));
      break;
    }
    if (ids.has(requestId)) {
      rest.push(waiting);
      continue;
    }
    ids.add(requestId);
    batch.push(waiting);
    entries = more;
  }
  return { batch, rest };
}
