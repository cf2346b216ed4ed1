import * as Effect from "effect/Effect";
import { resolveAsOf } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { scopedRoute } from "../http/route.ts";
import { ById } from "../http/schemas.ts";
import { hasAnyRole, opensPeople, USER_READER } from "../session/gate.ts";
import { userRow } from "./show-user.ts";
import { UserAnswer, viewUsers, volatileAt } from "./user-view.ts";

export const getUser = scopedRoute({
  method: "GET",
  path: "/v1/users/:id",
  summary: "Somebody, now or as of a position or time (auditors)",
  auth: USER_READER,
  scope: "users:read",
  params: ById,
  reads: ["users"],
  asOf: true,
  responses: { 200: { description: "The user", schema: UserAnswer } },
  handler: ({ params, caller, asOf }) =>
    Effect.gen(function* () {
      const isSelf = caller.userId === params.id;
      if (asOf !== undefined && !isSelf && !hasAnyRole(caller, ["auditor", "architect"])) {
        return yield* refuse(403, "forbidden", { requires: "auditor" });
      }
      const position = asOf === undefined ? undefined : yield* resolveAsOf(asOf);
      const row = yield* userRow(params.id, position);
      const opens = isSelf || opensPeople(caller);
      const [user] = yield* viewUsers([row], { opens, ...volatileAt(asOf) });
      return user === undefined ? yield* refuse(404, "not_found") : { status: 200, body: { user } };
    }),
});
