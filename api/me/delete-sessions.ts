import * as Effect from "effect/Effect";
import { route } from "../http/route.ts";
import { keepSession } from "../session/exchange-credential.ts";
import { revokeSessions } from "../session/revoke-sessions.ts";

export const deleteMySessions = route({
  method: "DELETE",
  path: "/v1/me/sessions",
  summary: "End all of one's other sessions; they are refused from the answer on",
  auth: "session",
  ownPersonOnly: true,
  handsOutSession: true,
  responses: { 204: { description: "Every other session is refused" } },
  handler: (call) =>
    Effect.gen(function* () {
      const { userId, sessionId } = call.caller;
      yield* revokeSessions(call, { of: userId, except: sessionId });
      return { status: 204, cookies: yield* keepSession(call, "revoked") };
    }),
});
