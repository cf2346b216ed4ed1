import * as Effect from "effect/Effect";
import { z } from "zod";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { text } from "../http/schemas.ts";
import { ARCHITECT } from "../session/gate.ts";
import { commandRole } from "./command-role.ts";
import { RoleGroup, RoleName, RoleView, viewRole } from "./role-view.ts";

/**
 * Who is in the group `admin` administers: that is what the role `admin` alone is for, and an
 * architect alone gives it.
 */
const OwnGroup = RoleGroup.exclude(["admin"]);

/** Characters: one line in a list. */
const DESCRIPTION_MAX = 200;
const GROUPS_MAX = 3;

export const defineRole = route({
  method: "POST",
  path: "/v1/roles",
  summary: "Define a role of this installation's own; it can be granted from the answer on",
  auth: ARCHITECT,
  body: z.strictObject({
    name: RoleName,
    description: text(DESCRIPTION_MAX),
    groups: z.array(OwnGroup).max(GROUPS_MAX).exactOptional(),
  }),
  responses: {
    201: { description: "Defined", schema: z.strictObject({ role: RoleView }) },
  },
  problems: { 409: ["already_exists"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { name, description, groups: asked = [] } = call.body;
      const groups = [...new Set(asked)];
      const command = { type: "DefineRole", name, description, groups } as const;
      const { outcome, position } = yield* commandRole(call, name, command);
      switch (outcome) {
        case "defined":
        case "retired":
          break;
        case "already_defined":
        case "built_in":
          return yield* refuse(409, "already_exists");
        case "invalid_name":
        case "unknown_role":
          return yield* refuse(400, "invalid_field", { field: "name" });
        default:
          return outcome satisfies never;
      }
      if (position !== undefined) yield* reachAll(["role_definitions"], position);
      const role = viewRole({ name, description, groups });
      return { status: 201, body: { role }, position };
    }),
});
