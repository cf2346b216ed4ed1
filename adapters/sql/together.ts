import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";

/** Look-ups of one statement at most: few enough that one slow statement delays few. */
const KEYS_MAX = 256;
/** Statements at once: the next is prepared while one runs; more would each hold a connection. */
const AT_ONCE_MAX = 2;

type Waiting<Found, E> = {
  readonly key: string;
  readonly settle: (found: Effect.Effect<Found | undefined, E>) => void;
};

/**
 * Look-ups by key that share statements: what is asked while statements run goes with the next one.
 * There is no timer: at low load a look-up waits for nothing but its own round trip.
 *
 * Order: a look-up is never answered from a statement that was sent before it was asked.
 */
export const together = <Found, E>(
  load: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, Found>, E>,
): Effect.Effect<(key: string) => Effect.Effect<Found | undefined, E>, never, Scope.Scope> =>
  Effect.gen(function* () {
    let queue: Array<Waiting<Found, E>> = [];
    let running = 0;
    let due = false;
    const scope = yield* Effect.scope;

    // Also when the scope closes: whoever waits hears of the interruption.
    const answered = (taken: ReadonlyArray<Waiting<Found, E>>) =>
      Effect.onExit(load([...new Set(taken.map(({ key }) => key))]), (exit) =>
        Effect.sync(() => {
          for (const { key, settle } of taken) {
            settle(Effect.map(exit, (found) => found.get(key)));
          }
          running--;
          start();
        }),
      );
    const start = () => {
      due = false;
      while (queue.length > 0 && running < AT_ONCE_MAX) {
        running++;
        const taken = queue.slice(0, KEYS_MAX);
        queue = queue.slice(KEYS_MAX);
        Effect.runFork(Effect.forkIn(answered(taken), scope));
      }
    };

    return (key) =>
      Effect.callback((resume) => {
        const waiting = { key, settle: resume };
        queue.push(waiting);
        // A microtask later, so that what is asked in the same turn shares a statement.
        if (!due) {
          due = true;
          queueMicrotask(start);
        }
        return Effect.sync(() => {
          queue = queue.filter((other) => other !== waiting);
        });
      });
  });
