import { route } from "../http/route.ts";
import { ById } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";
import { administerUser } from "./administer-user.ts";
import { UserAnswer } from "./user-view.ts";

export const unblockUser = route({
  method: "POST",
  path: "/v1/users/:id/unblock",
  summary: "Let a blocked user act again",
  auth: ADMIN,
  params: ById,
  responses: { 200: { description: "The user as they are now", schema: UserAnswer } },
  problems: { 409: ["erased"] },
  handler: (call) => administerUser(call, (who) => ({ type: "Unblock", ...who })),
});
