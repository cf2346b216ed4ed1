import * as Effect from "effect/Effect";
import { resolveAsOf } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { userRow } from "../users/show-user.ts";
import { UserAnswer, viewUsers, volatileAt } from "../users/user-view.ts";

export const getMe = route({
  method: "GET",
  path: "/v1/me",
  summary: "The signed-in person, now or as of a position or time",
  auth: "session",
  reads: ["users"],
  asOf: true,
  responses: { 200: { description: "The user", schema: UserAnswer } },
  handler: ({ caller, asOf }) =>
    Effect.gen(function* () {
      // The past is the person's own, and an auditor's.
      if (asOf !== undefined && caller.impersonator !== undefined) {
        return yield* refuse(403, "impersonating");
      }
      const position = asOf === undefined ? undefined : yield* resolveAsOf(asOf);
      const row = yield* userRow(caller.userId, position);
      const look = { opens: true, known: caller.dataKey, ...volatileAt(asOf) };
      const [user] = yield* viewUsers([row], look);
      return { status: 200, body: { user } };
    }),
});
