import * as Effect from "effect/Effect";
import { z } from "zod";
import { effectiveRoles } from "../../projections/users.ts";
import { refuse } from "../http/problem.ts";
import { scopedRoute } from "../http/route.ts";
import { text } from "../http/schemas.ts";
import { sessionOf } from "./caller.ts";
import { groupsOf } from "./groups-of.ts";

const NAME_MAX = 64;
/** What one request asks for at most; nobody protects one place by more. */
const ASKED_MAX = 20;

const names = z.array(text(NAME_MAX)).max(ASKED_MAX).exactOptional();

/**
 * Answers a reverse proxy. What it may pass on stands in headers of the answer, made from the
 * session or the access token alone: no other header of the request is looked at.
 */
export const verifySession = scopedRoute({
  method: "GET",
  path: "/v1/session/verify",
  summary: "Whether somebody is signed in and has each role and a role of each group, for a proxy",
  auth: "session",
  scope: "any",
  takesVerifyCookie: true,
  repeats: ["role", "group"],
  query: z.strictObject({ role: names, group: names }),
  responses: { 204: { description: "Yes: `Authledger-User`, `-Roles` and `-Session` say who" } },
  problems: { 403: ["forbidden"] },
  handler: ({ caller, query }) =>
    Effect.gen(function* () {
      const roles = effectiveRoles(caller.user);
      const lacking = (query.role ?? []).find((role) => !roles.includes(role));
      if (lacking !== undefined) return yield* refuse(403, "forbidden", { requires: lacking });
      if (query.group !== undefined) {
        const groups = yield* groupsOf(roles);
        const outside = query.group.find((group) => !groups.has(group));
        if (outside !== undefined) return yield* refuse(403, "forbidden", { requires: outside });
      }
      const own = sessionOf(caller);
      const headers = {
        "authledger-user": caller.userId,
        "authledger-roles": roles.join(","),
        ...(own === undefined ? {} : { "authledger-session": own.sessionId }),
      };
      return { status: 204, headers };
    }),
});
