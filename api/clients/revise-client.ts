import * as Effect from "effect/Effect";
import { scopedRoute } from "../http/route.ts";
import { ADMIN } from "../session/gate.ts";
import { changesOf, ReviseBody } from "./client-body.ts";
import { ByClientId } from "./client-id.ts";
import { commandClient, isTrusting } from "./command-client.ts";
import { ClientAnswer } from "./get-client.ts";
import { showClient } from "./show-client.ts";

export const reviseClient = scopedRoute({
  method: "PATCH",
  path: "/v1/clients/:id",
  summary: "Revise an application; one that is `disabled` gets no token",
  auth: ADMIN,
  scope: "clients:write",
  ownPersonOnly: true,
  params: ByClientId,
  body: ReviseBody,
  responses: { 200: { description: "As it is now", schema: ClientAnswer } },
  handler: (call) =>
    Effect.gen(function* () {
      const { id: clientId } = call.params;
      const { disabled } = call.body;
      const position = yield* commandClient(call, {
        clientId,
        step: "revise",
        command: {
          type: "ReviseClient",
          changes: yield* changesOf(call.body),
          ...(disabled === undefined ? {} : { disabled }),
          trusting: isTrusting(call),
        },
      });
      return { status: 200, body: { client: yield* showClient(clientId) }, position };
    }),
});
