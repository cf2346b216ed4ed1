import * as Effect from "effect/Effect";
import { scopedRoute } from "../http/route.ts";
import { ADMIN } from "../session/gate.ts";
import { ByClientId } from "./client-id.ts";
import { commandClient } from "./command-client.ts";

export const removeClient = scopedRoute({
  method: "DELETE",
  path: "/v1/clients/:id",
  summary: "Remove an application, with its secrets; its id is never given again",
  auth: ADMIN,
  scope: "clients:write",
  ownPersonOnly: true,
  params: ByClientId,
  responses: { 204: { description: "It gets no token any more" } },
  handler: (call) =>
    Effect.map(
      commandClient(call, {
        clientId: call.params.id,
        step: "remove",
        command: { type: "RemoveClient" },
      }),
      (position) => ({ status: 204, position }),
    ),
});
