import * as Effect from "effect/Effect";
import { clearedSessionCookies } from "../http/cookies.ts";
import { route } from "../http/route.ts";
import { eraseUser } from "../users/erase-user.ts";

export const deleteMe = route({
  method: "DELETE",
  path: "/v1/me",
  summary: "Erase oneself",
  auth: "session",
  ownPersonOnly: true,
  responses: { 204: { description: "Erased and signed out" } },
  problems: { 409: ["architect"] },
  handler: (call) =>
    Effect.map(eraseUser(call, call.caller.userId), (answer) => ({
      ...answer,
      cookies: clearedSessionCookies(call.settings),
    })),
});
