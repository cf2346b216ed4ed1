import * as Effect from "effect/Effect";
import { z } from "zod";
import { consentCodec } from "../../adapters/codec/consent.ts";
import { Artefacts } from "../../adapters/ports/artefacts.ts";
import { consentId } from "../../adapters/reactions/consent-id.ts";
import { transact } from "../../adapters/transact.ts";
import { type Agreed, consent } from "../../domain/consent/mod.ts";
import type { ClientRow } from "../../projections/clients.ts";
import type { Call } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { reachDecided } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { agreedOf, askedFor, InteractionId, waitingInteraction } from "./interaction.ts";

/** Nobody lets an application in in the name of another, nor for whom it did not ask. */
export const decideInteraction = route({
  method: "POST",
  path: "/v1/interactions/:id",
  summary: "Let the application that waits have what it asks for, or not",
  auth: "session",
  ownPersonOnly: true,
  params: InteractionId,
  body: z.strictObject({ allow: z.boolean() }),
  responses: {
    200: {
      description: "Where the browser goes on",
      schema: z.strictObject({ redirectTo: z.string() }),
    },
  },
  handler: (call) =>
    Effect.gen(function* () {
      const { id } = call.params;
      const waiting = yield* waitingInteraction(id);
      const { kept, client, payload, expiresAtMs } = waiting;
      const { userId } = call.caller;
      if (kept.prompt.name !== "consent" || kept.session?.accountId !== userId) {
        return yield* refuse(404, "not_found");
      }
      const { allow } = call.body;
      const agreed = agreedOf(yield* askedFor(call.settings, waiting));
      const position =
        allow && !client.skipConsent ? yield* grantConsent(call, { client, agreed }) : undefined;
      const result = allow
        ? { ...kept.lastSubmission, consent: {} }
        : { error: "access_denied", error_description: "the person said no" };
      yield* (yield* Artefacts).put("Interaction", id, {
        payload: { ...payload, result: structuredClone(result) } as typeof payload,
        expiresAtMs,
      });
      return { status: 200, body: { redirectTo: `/oauth2/interaction/${id}` }, position };
    }),
});

type Granting = { readonly client: ClientRow; readonly agreed: Agreed };

const grantConsent = (
  call: Call<unknown, unknown, unknown>,
  { client: { clientId, tosUri: terms }, agreed }: Granting,
) =>
  Effect.gen(function* () {
    const { userId } = call.caller;
    const id = consentId(userId, clientId);
    const { position } = yield* transact({
      decider: consent,
      codec: consentCodec,
      id,
      requestId: `${call.commandId}/consent/${id}`,
      command: {
        type: "GrantConsent",
        userId,
        clientId,
        ...(terms === undefined ? {} : { terms }),
        ...agreed,
      },
      meta: yield* metaOf(call, `user:${userId}`),
    });
    yield* reachDecided(["consents"], position);
    return position;
  });
