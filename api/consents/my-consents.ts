import * as Effect from "effect/Effect";
import { z } from "zod";
import { consentCodec } from "../../adapters/codec/consent.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { RegisteredClients } from "../../adapters/ports/registered-clients.ts";
import { ResourceServers } from "../../adapters/ports/resource-servers.ts";
import { load, transact } from "../../adapters/transact.ts";
import { consent } from "../../domain/consent/mod.ts";
import type { ConsentRow } from "../../projections/consents.ts";
import type { ResourceServerRow } from "../../projections/resource-servers.ts";
import { metaOf } from "../http/meta.ts";
import { reachDecided } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { ById, cursor, limit, PAGE_DEFAULT, pageOf } from "../http/schemas.ts";

export const ConsentView = z
  .strictObject({
    id: z.uuid(),
    client: z.strictObject({
      clientId: z.string(),
      /** Absent once the application is gone. */
      name: z.string().exactOptional(),
    }),
    /** Where the terms were that were accepted with it. */
    terms: z.string().exactOptional(),
    scopes: z.array(z.string()),
    resources: z.array(
      z.strictObject({
        audience: z.string(),
        /** Absent once the API is gone, as is what its scopes mean. */
        name: z.string().exactOptional(),
        scopes: z.array(
          z.strictObject({ name: z.string(), description: z.string().exactOptional() }),
        ),
      }),
    ),
    grantedAt: z.string(),
    revisedAt: z.string(),
  })
  .meta({ title: "Consent" });
export type ConsentView = z.output<typeof ConsentView>;

/** What somebody let one application do, with the names and the words that there are now. */
export const viewConsent = ({ userId: _, since: __, clientId, ...shown }: ConsentRow) =>
  Effect.gen(function* () {
    const servers = [...(yield* (yield* ResourceServers).rows).values()];
    const resources = shown.resources.map((agreed) => inWords(agreed, servers));
    const name = (yield* (yield* RegisteredClients).get(clientId))?.name;
    const client = { clientId, ...(name === undefined ? {} : { name }) };
    return structuredClone({ ...shown, resources, client }) as ConsentView;
  });

export const listMyConsents = route({
  method: "GET",
  path: "/v1/me/consents",
  summary: "Which applications one lets in, and to what, oldest first",
  auth: "session",
  reads: ["consents"],
  query: z.strictObject({ limit, cursor }),
  responses: { 200: { description: "A page", schema: pageOf(ConsentView) } },
  handler: ({ caller, query }) =>
    Effect.gen(function* () {
      const page = yield* (yield* ReadModels).list("consents", {
        tags: [`user:${caller.userId}`],
        limit: query.limit ?? PAGE_DEFAULT,
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      });
      const items = yield* Effect.forEach(page.items, ({ row }) => viewConsent(row as ConsentRow));
      const next = page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor };
      return { status: 200, body: { items, ...next } };
    }),
});

/** What was agreed to at an API, in the words that the API has for it now. */
function inWords(
  { audience, scopes }: ConsentRow["resources"][number],
  servers: ReadonlyArray<ResourceServerRow>,
) {
  const server = servers.find((one) => one.audience === audience);
  return {
    audience,
    ...(server === undefined ? {} : { name: server.name }),
    scopes: scopes.map((name) => {
      const description = server?.scopes.find((one) => one.name === name)?.description;
      return { name, ...(description === undefined ? {} : { description }) };
    }),
  };
}

export const withdrawMyConsent = route({
  method: "DELETE",
  path: "/v1/me/consents/:id",
  summary: "Let an application in no more: what it was given is refused from the answer on",
  auth: "session",
  ownPersonOnly: true,
  params: ById,
  responses: {
    204: { description: "Withdrawn; an API that reads its JWTs by itself takes them to their end" },
  },
  handler: (call) =>
    Effect.gen(function* () {
      const { id } = call.params;
      const { userId } = call.caller;
      const about = { decider: consent, codec: consentCodec };
      const { state } = yield* load(about, id);
      // Somebody else's and one that is withdrawn look alike: neither is one's own to withdraw.
      if (state.status !== "granted" || state.userId !== userId) {
        return yield* refuse(404, "not_found");
      }
      const { position } = yield* transact({
        ...about,
        id,
        requestId: `${call.commandId}/withdraw/${id}`,
        command: { type: "WithdrawConsent" },
        meta: yield* metaOf(call, `user:${userId}`),
      });
      yield* reachDecided(["consents"], position);
      return { status: 204, position };
    }),
});
