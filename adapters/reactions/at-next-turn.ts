import * as Cause from "effect/Cause";
import * as Effect from "effect/Effect";
import { problemOf } from "../commit/try-until-handled.ts";

/**
 * Work that comes again by itself: what fails is said in the log, by name, and left to the next
 * turn.
 */
export const atNextTurn =
  (name: string) =>
  <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A | undefined, never, R> =>
    Effect.catchCause(work, (cause) =>
      Cause.hasInterrupts(cause)
        ? Effect.interrupt
        : Effect.as(
            Effect.logWarning("What was due could not be done and is tried at the next turn").pipe(
              Effect.annotateLogs({ name, error: problemOf(cause) }),
            ),
            undefined,
          ),
    );
