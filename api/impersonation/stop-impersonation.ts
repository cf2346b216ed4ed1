import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { idleEndMs } from "../../adapters/reactions/session-expiry.ts";
import type { RequestContext } from "../http/call.ts";
import {
  clearedOwnCookie,
  clearedSessionCookies,
  readOwnCookie,
  sessionCookies,
} from "../http/cookies.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { authenticate } from "../session/authenticate.ts";
import { decodeCredential } from "../session/credential.ts";
import { endSession } from "../session/lifecycle.ts";
import { showUser } from "../users/show-user.ts";
import { UserAnswer } from "../users/user-view.ts";

/** Public, because it also leads back when the hour is over or the right to it was lost. */
export const stopImpersonation = publicRoute({
  method: "POST",
  path: "/v1/impersonation/stop",
  summary: "Stop acting in somebody's name and return to one's own session",
  responses: {
    200: { description: "Oneself again", schema: UserAnswer },
    204: { description: "One's own session is over: signed out" },
  },
  problems: { 409: ["not_impersonating"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { caller, settings } = call;
      const kept = readOwnCookie(settings, call.headers.get("cookie"));
      const own = kept === undefined ? undefined : yield* ownSession(call, kept);
      if (caller?.impersonator === undefined && own === undefined) {
        return yield* refuse(409, "not_impersonating");
      }
      if (caller?.impersonator !== undefined) {
        const reason = "impersonation-ended";
        const { sessionId } = caller;
        yield* endSession(call, `user:${caller.userId}`, { sessionId, reason });
      }
      if (own === undefined) {
        const cookies = [...clearedSessionCookies(settings), clearedOwnCookie(settings)];
        return { status: 204, cookies };
      }
      const user = yield* showUser(own.userId, undefined);
      return {
        status: 200,
        body: { user },
        cookies: [...own.cookies, clearedOwnCookie(settings)],
      };
    }),
});

/** The session that was kept aside, while it is good and the one that acts in another's name. */
const ownSession = ({ caller, settings }: RequestContext, value: string) =>
  Effect.gen(function* () {
    const credential = decodeCredential(value);
    const own = yield* authenticate({ kind: "session", value });
    if (own === undefined || credential === undefined) return undefined;
    // A live session of one's own that is another one is not exchanged for what was kept.
    if (caller !== undefined && caller.impersonator?.sessionId !== own.sessionId) return undefined;
    const leftMs = idleEndMs(own.session, own.lastSeenMs) - (yield* Clock.currentTimeMillis);
    const cookies = sessionCookies(settings, credential, Math.floor(leftMs / 1000));
    return { userId: own.userId, cookies };
  });
