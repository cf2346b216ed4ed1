import * as Effect from "effect/Effect";
import { z } from "zod";
import { scopedRoute } from "../http/route.ts";
import { ById, Id } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";
import { changeRoles } from "./change-roles.ts";
import { showUser } from "./show-user.ts";
import { UserAnswer } from "./user-view.ts";

/** Names of roles; which of them exist is the domain's to say. */
const RoleName = z.string().min(1).max(64);
const OneRole = z.strictObject({ id: Id, role: RoleName });

/** More roles than there are is a mistake. */
const ROLES_MAX = 100;

const shared = {
  auth: ADMIN,
  scope: "roles:write",
  ownPersonOnly: true,
  responses: { 200: { description: "The user as they are now", schema: UserAnswer } },
  problems: {
    400: ["unknown_role", "use_architects"],
    403: ["own_roles"],
    409: ["erased", "guest", "not_a_guest", "last_role"],
  },
} as const;

const role = ({ params }: { readonly params: { readonly role: string } }) => ({
  role: params.role,
});

/** The user as they are once every gate sees the change. */
const answered = <E, R>(userId: string, changed: Effect.Effect<number | undefined, E, R>) =>
  Effect.gen(function* () {
    const position = yield* changed;
    const user = yield* showUser(userId, position);
    return { status: 200, body: { user }, position };
  });

export const putRoles = scopedRoute({
  ...shared,
  method: "PUT",
  path: "/v1/users/:id/roles",
  summary: "Give somebody exactly these roles",
  params: ById,
  body: z.strictObject({ roles: z.array(RoleName).min(1).max(ROLES_MAX) }),
  handler: (call) =>
    answered(call.params.id, changeRoles(call, call.params.id, { type: "PutRoles", ...call.body })),
});

export const grantRole = scopedRoute({
  ...shared,
  method: "POST",
  path: "/v1/users/:id/roles/:role",
  summary: "Give somebody a role",
  params: OneRole,
  handler: (call) =>
    answered(
      call.params.id,
      changeRoles(call, call.params.id, { type: "GrantRole", ...role(call) }),
    ),
});

export const revokeRole = scopedRoute({
  ...shared,
  method: "DELETE",
  path: "/v1/users/:id/roles/:role",
  summary: "Take a role away; gates see it before the answer",
  params: OneRole,
  handler: (call) =>
    answered(
      call.params.id,
      changeRoles(call, call.params.id, { type: "RevokeRole", ...role(call) }),
    ),
});
