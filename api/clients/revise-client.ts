import * as Effect from "effect/Effect";
import { route } from "../http/route.ts";
import { ById } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";
import { changesOf, ReviseBody } from "./client-body.ts";
import { commandClient, isTrusting } from "./command-client.ts";
import { ClientAnswer } from "./get-client.ts";
import { showClient } from "./show-client.ts";

export const reviseClient = route({
  method: "PATCH",
  path: "/v1/clients/:id",
  summary: "Revise an application; `disabled` takes every token from it, at once",
  auth: ADMIN,
  ownPersonOnly: true,
  params: ById,
  body: ReviseBody,
  responses: { 200: { description: "As it is now", schema: ClientAnswer } },
  handler: (call) =>
    Effect.gen(function* () {
      const { id: clientId } = call.params;
      const revised = yield* commandClient(call, {
        clientId,
        step: "revise",
        command: {
          type: "ReviseClient",
          changes: changesOf(call.body),
          trusting: isTrusting(call),
        },
      });
      const { disabled } = call.body;
      const switched =
        disabled === undefined
          ? undefined
          : yield* commandClient(call, {
              clientId,
              step: "switch",
              command: { type: disabled ? "DisableClient" : "EnableClient" },
            });
      const client = yield* showClient(clientId);
      return { status: 200, body: { client }, position: switched ?? revised };
    }),
});
