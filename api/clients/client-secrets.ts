import * as Effect from "effect/Effect";
import { z } from "zod";
import { scopedRoute } from "../http/route.ts";
import { Id } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";
import { ByClientId } from "./client-id.ts";
import { newSecret } from "./client-secret.ts";
import { commandClient, isTrusting } from "./command-client.ts";

export const issueSecret = scopedRoute({
  method: "POST",
  path: "/v1/clients/:id/secrets",
  summary: "Give an application a second secret, shown this once, so that it can change over",
  auth: ADMIN,
  scope: "clients:write",
  ownPersonOnly: true,
  stepUp: true,
  params: ByClientId,
  responses: {
    201: {
      description: "Both are good until one is revoked",
      schema: z.strictObject({ id: z.string(), clientSecret: z.string() }),
    },
  },
  problems: { 409: ["too_many_secrets", "keeps_no_secret", "revoked_secret"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { id: clientId } = call.params;
      const { plain, row, issued } = yield* newSecret(clientId, call.commandId);
      const position = yield* commandClient(call, {
        clientId,
        step: "secret",
        command: { type: "IssueSecret", ...issued, trusting: isTrusting(call) },
        secret: row,
      });
      return { status: 201, body: { id: issued.secretId, clientSecret: plain }, position };
    }),
});

export const revokeSecret = scopedRoute({
  method: "DELETE",
  path: "/v1/clients/:id/secrets/:secretId",
  summary: "Revoke a secret of an application, at once",
  auth: ADMIN,
  scope: "clients:write",
  ownPersonOnly: true,
  params: ByClientId.extend({ secretId: Id }),
  responses: { 204: { description: "It proves nothing any more" } },
  handler: (call) =>
    Effect.map(
      commandClient(call, {
        clientId: call.params.id,
        step: "revoke",
        command: { type: "RevokeSecret", secretId: call.params.secretId },
      }),
      (position) => ({ status: 204, position }),
    ),
});
