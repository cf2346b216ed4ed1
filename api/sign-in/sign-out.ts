import * as Effect from "effect/Effect";
import { clearedSessionCookies } from "../http/cookies.ts";
import { publicRoute } from "../http/route.ts";
import { endSession } from "../session/lifecycle.ts";

export const signOut = publicRoute({
  method: "POST",
  path: "/v1/sign-out",
  summary: "End this session; without one there is nothing to do",
  responses: { 204: { description: "Signed out" } },
  handler: (call) =>
    Effect.gen(function* () {
      const { caller, settings } = call;
      if (caller !== undefined) {
        const { userId, sessionId } = caller;
        yield* endSession(call, `user:${userId}`, { sessionId, reason: "signed-out" });
      }
      return { status: 204, cookies: clearedSessionCookies(settings) };
    }),
});
