import { setImmediate } from "node:timers";
import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";

/** Look-ups of one statement at most: few enough that a statement stays short. */
const KEYS_MAX = 256;

type Waiting<Found, E> = {
  readonly key: string;
  readonly settle: (found: Effect.Effect<Found | undefined, E>) => void;
};

/**
 * Look-ups by key that share statements, one at a time: what is asked while one runs goes with the
 * next. Two at a time would each carry half, and a statement costs more than a key in it. There is
 * no timer: at low load a look-up waits for nothing but its own round trip.
 *
 * Order: a look-up is never answered from a statement that was sent before it was asked.
 */
export const together = <Found, E>(
  load: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, Found>, E>,
): Effect.Effect<(key: string) => Effect.Effect<Found | undefined, E>, never, Scope.Scope> =>
  Effect.gen(function* () {
    let queue: Array<Waiting<Found, E>> = [];
    /** A statement runs, or will be sent at the end of this turn. */
    let busy = false;
    const scope = yield* Effect.scope;

    // Also when the scope closes: whoever waits hears of the interruption.
    const answered = (taken: ReadonlyArray<Waiting<Found, E>>) =>
      Effect.onExit(load([...new Set(taken.map(({ key }) => key))]), (exit) =>
        Effect.sync(() => {
          for (const { key, settle } of taken) {
            settle(Effect.map(exit, (found) => found.get(key)));
          }
          next();
        }),
      );
    const next = () => {
      busy = queue.length > 0;
      if (!busy) return;
      const taken = queue.slice(0, KEYS_MAX);
      queue = queue.slice(KEYS_MAX);
      Effect.runFork(Effect.forkIn(answered(taken), scope));
    };

    return (key) =>
      Effect.callback((resume) => {
        const waiting = { key, settle: resume };
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
