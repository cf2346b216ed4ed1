import { scopedRoute } from "../http/route.ts";
import { ById } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";
import { Profile, reviseProfile } from "./revise-profile.ts";
import { UserAnswer } from "./user-view.ts";

export const patchUser = scopedRoute({
  method: "PATCH",
  path: "/v1/users/:id",
  summary: "Revise somebody's profile; never an architect's by an admin",
  auth: ADMIN,
  scope: "users:write",
  params: ById,
  body: Profile,
  responses: { 200: { description: "The user as they are now", schema: UserAnswer } },
  problems: { 409: ["erased"] },
  handler: (call) => reviseProfile(call, call.params.id),
});
