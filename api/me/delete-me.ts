import * as Effect from "effect/Effect";
import { endGuest } from "../guest/end-guest.ts";
import type { Call } from "../http/call.ts";
import { clearedSessionCookies } from "../http/cookies.ts";
import { route } from "../http/route.ts";
import { eraseUser } from "../users/erase-user.ts";

export const deleteMe = route({
  method: "DELETE",
  path: "/v1/me",
  summary: "Erase oneself",
  auth: "session",
  ownPersonOnly: true,
  stepUp: true,
  responses: { 204: { description: "Erased and signed out" } },
  problems: { 409: ["architect"] },
  handler: (call) =>
    Effect.map(gone(call), (answer) => ({
      ...answer,
      cookies: clearedSessionCookies(call.settings),
    })),
});

/** A guest leaves; one who was promoted meanwhile is a person, and is erased. */
const gone = (call: Call<unknown, unknown, unknown>) =>
  Effect.gen(function* () {
    const { userId, user } = call.caller;
    if (user.guest) {
      const actor = `user:${userId}` as const;
      const left = yield* endGuest(call, { userId, type: "LeaveAsGuest", actor });
      if (left.outcome !== "not_a_guest") return { status: 204, position: left.position };
    }
    return yield* eraseUser(call, userId);
  });
