import * as Effect from "effect/Effect";
import { EVERYBODY } from "../../domain/revocation/mod.ts";
import { route } from "../http/route.ts";
import { ARCHITECT } from "./gate.ts";
import { revokeSessions } from "./revoke-sessions.ts";

export const revokeEverybody = route({
  method: "DELETE",
  path: "/v1/sessions",
  summary: "Sign everybody out, but for the session that asks",
  auth: ARCHITECT,
  ownPersonOnly: true,
  stepUp: true,
  responses: { 204: { description: "Every other session is refused" } },
  handler: (call) =>
    Effect.as(revokeSessions(call, { of: EVERYBODY, except: call.caller.sessionId }), {
      status: 204,
    }),
});
