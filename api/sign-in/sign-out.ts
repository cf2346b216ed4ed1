import * as Effect from "effect/Effect";
import { clearedOwnCookie, clearedSessionCookies, readOwnCookie } from "../http/cookies.ts";
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
        const { impersonator } = caller;
        // Whoever acts in another's name and leaves, leaves altogether.
        if (impersonator !== undefined) {
          const own = { sessionId: impersonator.sessionId, reason: "signed-out" } as const;
          yield* endSession(call, `user:${impersonator.userId}`, own);
        }
      }
      const cookies = clearedSessionCookies(settings);
      const aside = readOwnCookie(settings, call.headers.get("cookie")) !== undefined;
      return { status: 204, cookies: aside ? [...cookies, clearedOwnCookie(settings)] : cookies };
    }),
});
