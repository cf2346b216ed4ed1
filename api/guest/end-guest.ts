import * as Effect from "effect/Effect";
import { userCodec } from "../../adapters/codec/user.ts";
import { transact } from "../../adapters/transact.ts";
import type { Actor } from "../../domain/ledger/entry.ts";
import { user } from "../../domain/user/mod.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { reachAll } from "../http/positions.ts";
import { endSessionsOf } from "../session/lifecycle.ts";
import { erasing } from "../users/erase-user.ts";
import { forgetUser } from "../users/forget-user.ts";

type Ending = {
  readonly userId: string;
  readonly type: "LeaveAsGuest" | "EvictGuest";
  readonly actor: Actor;
};

/**
 * Ends a guest like an erasure ends a person: key, claims and sessions go with the fact. Answers
 * the outcome, so that whoever is no guest any more stays as they are.
 */
export const endGuest = (context: RequestContext, { userId, type, actor }: Ending) =>
  Effect.gen(function* () {
    const { outcome, position } = yield* transact({
      decider: user,
      codec: userCodec,
      id: userId,
      requestId: `${context.commandId}/guest/${userId}`,
      command: { type },
      meta: yield* metaOf(context, actor),
      along: (_events, state) => erasing(userId, state),
    });
    if (position !== undefined) {
      yield* reachAll(["users"], position);
      yield* forgetUser(userId);
      yield* endSessionsOf(context, actor, { userId, reason: "erased" });
    }
    return { outcome, position };
  });
