import { setImmediate } from "node:timers";
import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";

/** Requests of one statement at most: few enough that a statement stays short. */
const REQUESTS_MAX = 256;

type Waiting<Request, Answer, E> = {
  readonly request: Request;
  readonly settle: (answer: Effect.Effect<Answer, E>) => void;
};

/**
 * Requests that share statements, one at a time: what is asked while one runs goes with the next.
 * Two at a time would each carry half, and a statement costs more than a request in it. There is no
 * timer: at low load a request waits for nothing but its own round trip.
 *
 * Shape: `work` answers one a request, in their order.
 * Order: a request is never answered from a statement that was sent before it was asked.
 * Ownership: when the scope closes, whoever waits is interrupted.
 */
export const batched = <Request, Answer, E>(
  work: (requests: ReadonlyArray<Request>) => Effect.Effect<ReadonlyArray<Answer>, E>,
): Effect.Effect<(request: Request) => Effect.Effect<Answer, E>, never, Scope.Scope> =>
  Effect.gen(function* () {
    let queue: Array<Waiting<Request, Answer, E>> = [];
    /** A statement runs, or will be sent at the end of this turn. */
    let busy = false;
    const scope = yield* Effect.scope;

    // Also when the scope closes: whoever waits hears of the interruption.
    const answered = (taken: ReadonlyArray<Waiting<Request, Answer, E>>) =>
      Effect.onExit(work(taken.map(({ request }) => request)), (exit) =>
        Effect.sync(() => {
          for (const [i, { settle }] of taken.entries()) {
            settle(Effect.map(exit, (answers) => answers[i] as Answer));
          }
          next();
        }),
      );
    const next = () => {
      busy = queue.length > 0;
      if (!busy) return;
      const taken = queue.slice(0, REQUESTS_MAX);
      queue = queue.slice(REQUESTS_MAX);
      Effect.runFork(Effect.forkIn(answered(taken), scope));
    };

    return (request) =>
      Effect.callback((resume) => {
        const waiting = { request, settle: resume };
        queue.push(waiting);
        // After the events of this turn: what they ask shares a statement.
        if (!busy) {
          busy = true;
          setImmediate(next);
        }
        return Effect.sync(() => {
          queue = queue.filter((other) => other !== waiting);
        });
      });
  });
