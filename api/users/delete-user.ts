import { route } from "../http/route.ts";
import { ById } from "../http/schemas.ts";
import { ARCHITECT } from "../session/gate.ts";
import { eraseUser } from "./erase-user.ts";

export const deleteUser = route({
  method: "DELETE",
  path: "/v1/users/:id",
  summary: "Erase somebody: their data key goes, their events stay unreadable",
  auth: ARCHITECT,
  ownPersonOnly: true,
  stepUp: true,
  params: ById,
  responses: { 204: { description: "Erased" } },
  problems: { 409: ["architect"] },
  handler: (call) => eraseUser(call, call.params.id),
});
