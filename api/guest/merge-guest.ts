import * as Effect from "effect/Effect";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { movedBy } from "../../adapters/reactions/merge-tuples.ts";
import { rewriteTuples } from "../../adapters/reactions/rewrite-tuples.ts";
import type { RequestContext } from "../http/call.ts";
import { REACH_DEADLINE_MS, reachAll } from "../http/positions.ts";
import { endSessionsOf } from "../session/lifecycle.ts";
import { commandUser } from "../users/command-user.ts";
import { erasing } from "../users/erase-user.ts";
import { forgetUser } from "../users/forget-user.ts";
import { guestOf } from "./guest-of.ts";

/**
 * The guest who asks turned out to be somebody: their identity ends in that account, for ever, and
 * what hangs on it moves there. Whoever is no guest, or the same, stays as they are.
 *
 * Resumable: what is left when this dies half-way, the processes do.
 */
export const mergeGuest = (context: RequestContext, into: string) =>
  Effect.gen(function* () {
    const userId = guestOf(context.caller)?.userId;
    if (userId === undefined || userId === into) return;
    const { outcome, position } = yield* commandUser(context, {
      userId,
      actorId: into,
      command: { type: "MergeGuest", into },
      along: (_events, state) => erasing(userId, state),
    });
    // Promoted, gone or merged by another request: that one sees to it.
    if (outcome !== "merged" || position === undefined) return;
    yield* reachAll(["users"], position);
    yield* forgetUser(userId);
    yield* endSessionsOf(context, `user:${into}`, { userId, reason: "merged" });
    const [record] = yield* (yield* Ledgers).identity.at([position]);
    if (record === undefined) return;
    yield* rewriteTuples({
      command: { type: "RewriteTuples", guest: userId, into },
      mergedBy: record.id,
      meta: movedBy(record),
      deadlineMs: REACH_DEADLINE_MS,
    }).pipe(Effect.catchTag("NotYet", () => Effect.void));
  });
