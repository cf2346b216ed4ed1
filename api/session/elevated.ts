import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { type Problem, refuse } from "../http/problem.ts";
import { type Caller, sessionOf } from "./caller.ts";

/** Long enough to fill a form, short enough that a screen left open is not enough. */
export const ELEVATED_MS_MAX = 10 * 60 * 1000;

/**
 * Passes who has just proved to be who they are: by signing in, or by an elevation.
 *
 * A guest passes: they have nothing to prove it with but their session.
 * Errors: 403 elevation_required.
 */
export const requireElevated = ({
  caller,
}: {
  readonly caller: Caller;
}): Effect.Effect<void, Problem> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const own = sessionOf(caller);
    // A token is no screen that somebody left open.
    if (own === undefined) return Effect.void;
    const { startedAt, elevatedAt = startedAt } = own.session;
    const isFresh = Date.parse(elevatedAt) > now - ELEVATED_MS_MAX;
    return isFresh || caller.user.guest ? Effect.void : refuse(403, "elevation_required");
  });
