import * as Effect from "effect/Effect";
import { z } from "zod";
import { derivedId } from "../http/derived-id.ts";
import { scopedRoute } from "../http/route.ts";
import { foundKeys } from "../keys/signing-keys.ts";
import { ADMIN } from "../session/gate.ts";
import { metadataOf, RegisterBody } from "./client-body.ts";
import { newSecret } from "./client-secret.ts";
import { clientNow, commandClient, isTrusting } from "./command-client.ts";

export const registerClient = scopedRoute({
  method: "POST",
  path: "/v1/clients",
  summary: "Register an application; of one that keeps a secret, its first one is shown this once",
  auth: ADMIN,
  scope: "clients:write",
  ownPersonOnly: true,
  body: RegisterBody,
  responses: {
    201: {
      description: "Registered",
      schema: z.strictObject({ clientId: z.string(), clientSecret: z.string().exactOptional() }),
    },
  },
  problems: { 409: ["already_exists"] },
  handler: (call) =>
    Effect.gen(function* () {
      const clientId = derivedId(`${call.commandId}/client`);
      const { plain, row, issued } = yield* newSecret(clientId, call.commandId);
      const position = yield* commandClient(call, {
        clientId,
        step: "register",
        command: {
          type: "RegisterClient",
          kind: call.body.type,
          metadata: yield* metadataOf(call.body),
          trusting: isTrusting(call),
          secret: issued,
        },
        secret: row,
      });
      const { secrets } = yield* clientNow(clientId);
      const isGood = secrets.some(({ id }) => id === issued.secretId);
      const clientSecret = isGood ? { clientSecret: plain } : {};
      // Whoever is registered will soon want tokens.
      yield* foundKeys;
      return { status: 201, body: { clientId, ...clientSecret }, position };
    }),
});
