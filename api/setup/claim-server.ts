import * as Effect from "effect/Effect";
import { architectsCodec } from "../../adapters/codec/architects.ts";
import { transact } from "../../adapters/transact.ts";
import { architects } from "../../domain/architects/mod.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { refuse } from "../http/problem.ts";
import { ARCHITECTS } from "../users/standing.ts";

/**
 * Makes somebody who proved to own the server its first architect; from here on the set-up token
 * proves nothing.
 *
 * Errors: 409 already_set_up.
 */
export const claimServer = (context: RequestContext, userId: string) =>
  Effect.gen(function* () {
    const { outcome, position } = yield* transact({
      decider: architects,
      codec: architectsCodec,
      id: ARCHITECTS,
      requestId: `${context.commandId}/claim`,
      command: { type: "ClaimServer", userId },
      meta: yield* metaOf(context, `user:${userId}`),
    });
    switch (outcome) {
      case "appointed":
        break;
      case "already_claimed":
      case "dismissed":
      case "not_an_architect":
      case "not_oneself":
      case "last_architect":
        return yield* refuse(409, "already_set_up");
      default:
        return outcome satisfies never;
    }
    yield* context.settings.setupToken.burn;
    return position;
  });
