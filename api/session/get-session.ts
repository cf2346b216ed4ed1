import * as Effect from "effect/Effect";
import { z } from "zod";
import { route } from "../http/route.ts";
import { UserView, viewUsers } from "../users/user-view.ts";
import { SessionView, viewSession } from "./session-view.ts";

export const SessionAnswer = z.strictObject({ user: UserView, session: SessionView });

export const getSession = route({
  method: "GET",
  path: "/v1/session",
  summary: "Who is signed in",
  auth: "session",
  takesVerifyCookie: true,
  responses: {
    200: {
      description: "The user and the session",
      schema: SessionAnswer,
    },
  },
  // Made from the one look-up that authentication did: nothing more is asked of the store.
  handler: ({ caller }) =>
    Effect.gen(function* () {
      const { user, userId, dataKey: known, lastSignInMs } = caller;
      const { sessionId: currentId, lastSeenMs } = caller;
      const signIns = new Map(lastSignInMs === undefined ? [] : [[userId, lastSignInMs]]);
      const users = yield* viewUsers([user], { opens: true, known, signIns });
      const session = viewSession(caller.session, { currentId, lastSeenMs });
      return { status: 200, body: { user: users[0], session } };
    }),
});
