import * as Effect from "effect/Effect";
import { sessionCodec } from "../../adapters/codec/session.ts";
import { load } from "../../adapters/transact.ts";
import { session } from "../../domain/session/mod.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { ById } from "../http/schemas.ts";
import { endSession } from "../session/lifecycle.ts";

export const deleteMySession = route({
  method: "DELETE",
  path: "/v1/me/sessions/:id",
  summary: "End one of one's sessions; it is refused from the answer on",
  auth: "session",
  ownPersonOnly: true,
  params: ById,
  responses: { 204: { description: "Ended" } },
  handler: (call) =>
    Effect.gen(function* () {
      const sessionId = call.params.id;
      const { userId } = call.caller;
      const { state } = yield* load({ decider: session, codec: sessionCodec }, sessionId);
      // Somebody else's and one that is over look alike: neither is one's own live session.
      if (state.status !== "live" || state.userId !== userId) {
        return yield* refuse(404, "not_found");
      }
      yield* endSession(call, `user:${userId}`, { sessionId, reason: "revoked" });
      return { status: 204 };
    }),
});
