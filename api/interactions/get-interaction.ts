import * as Effect from "effect/Effect";
import { z } from "zod";
import { publicRoute } from "../http/route.ts";
import { askedFor, InteractionId, waitingInteraction } from "./interaction.ts";

const Resource = z.strictObject({
  audience: z.string(),
  name: z.string(),
  scopes: z.array(z.strictObject({ name: z.string(), description: z.string() })),
});

export const InteractionView = z
  .strictObject({
    prompt: z.enum(["login", "consent"]),
    client: z.strictObject({
      clientId: z.string(),
      name: z.string(),
      logoUri: z.string().exactOptional(),
      clientUri: z.string().exactOptional(),
      policyUri: z.string().exactOptional(),
      tosUri: z.string().exactOptional(),
    }),
    /** What the application says who it is. */
    loginHint: z.string().exactOptional(),
    /** Where the browser goes afterwards; its host, or the scheme of an app. */
    leadsTo: z.string().exactOptional(),
    scopes: z.array(z.string()),
    resources: z.array(Resource),
  })
  .meta({ title: "Interaction" });
export type InteractionView = z.output<typeof InteractionView>;

export const getInteraction = publicRoute({
  method: "GET",
  path: "/v1/interactions/:id",
  summary: "What an application waits for: a sign-in or a consent",
  params: InteractionId,
  responses: { 200: { description: "Who asks, and for what", schema: InteractionView } },
  handler: ({ params, settings }) =>
    Effect.gen(function* () {
      const waiting = yield* waitingInteraction(params.id);
      const { kept, client } = waiting;
      const { clientId, name, logoUri, clientUri, policyUri, tosUri } = client;
      const { login_hint: loginHint, redirect_uri: redirectUri } = kept.params;
      const asked = yield* askedFor(settings, waiting);
      const body = {
        prompt: kept.prompt.name,
        client: {
          clientId,
          name,
          ...(logoUri === undefined ? {} : { logoUri }),
          ...(clientUri === undefined ? {} : { clientUri }),
          ...(policyUri === undefined ? {} : { policyUri }),
          ...(tosUri === undefined ? {} : { tosUri }),
        },
        ...(loginHint === undefined ? {} : { loginHint }),
        ...(redirectUri === undefined ? {} : { leadsTo: placeOf(redirectUri) }),
        ...asked,
      };
      return { status: 200, body: structuredClone(body) as InteractionView };
    }),
});

/** How people are told where an address leads: its host, or the scheme of an app. */
export function placeOf(uri: string): string {
  const { protocol, host } = new URL(uri);
  return protocol === "https:" || protocol === "http:" ? host : protocol;
}
