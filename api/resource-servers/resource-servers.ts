import * as Effect from "effect/Effect";
import { z } from "zod";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { ResourceServerRow } from "../../projections/resource-servers.ts";
import { derivedId } from "../http/derived-id.ts";
import { route } from "../http/route.ts";
import { ById, cursor, limit, PAGE_DEFAULT, pageOf } from "../http/schemas.ts";
import { ADMIN, ARCHITECT } from "../session/gate.ts";
import { commandResourceServer, showResourceServer } from "./command-resource-server.ts";
import {
  Audience,
  Name,
  ResourceServerAnswer,
  ResourceServerView,
  Scopes,
  SigningAlgorithm,
  viewResourceServer,
} from "./resource-server-view.ts";

export const listResourceServers = route({
  method: "GET",
  path: "/v1/resource-servers",
  summary: "Every API that access tokens are issued for, oldest first",
  auth: ADMIN,
  reads: ["resource_servers"],
  query: z.strictObject({ limit, cursor }),
  responses: { 200: { description: "A page", schema: pageOf(ResourceServerView) } },
  handler: ({ query }) =>
    Effect.gen(function* () {
      const page = yield* (yield* ReadModels).list("resource_servers", {
        limit: query.limit ?? PAGE_DEFAULT,
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      });
      const items = page.items.map(({ row }) => viewResourceServer(row as ResourceServerRow));
      const next = page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor };
      return { status: 200, body: { items, ...next } };
    }),
});

export const getResourceServer = route({
  method: "GET",
  path: "/v1/resource-servers/:id",
  summary: "One API that access tokens are issued for, with its scopes",
  auth: ADMIN,
  reads: ["resource_servers"],
  params: ById,
  responses: { 200: { description: "The API", schema: ResourceServerAnswer } },
  handler: ({ params }) =>
    Effect.map(showResourceServer(params.id), (resourceServer) => ({
      status: 200,
      body: { resourceServer },
    })),
});

export const registerResourceServer = route({
  method: "POST",
  path: "/v1/resource-servers",
  summary: "Register an API that access tokens are issued for, with its scopes",
  auth: ARCHITECT,
  ownPersonOnly: true,
  body: z.strictObject({
    audience: Audience,
    name: Name,
    scopes: Scopes.exactOptional(),
    signingAlgorithm: SigningAlgorithm.exactOptional(),
  }),
  responses: { 201: { description: "Registered", schema: ResourceServerAnswer } },
  problems: { 409: ["audience_taken", "already_exists"] },
  handler: (call) =>
    Effect.gen(function* () {
      const id = derivedId(`${call.commandId}/resource-server`);
      const command = { type: "RegisterResourceServer", scopes: [], ...call.body } as const;
      const position = yield* commandResourceServer(call, { id, command });
      return { status: 201, body: { resourceServer: yield* showResourceServer(id) }, position };
    }),
});

export const reviseResourceServer = route({
  method: "PATCH",
  path: "/v1/resource-servers/:id",
  summary: "Revise an API; its audience stays",
  auth: ARCHITECT,
  ownPersonOnly: true,
  params: ById,
  body: z.strictObject({
    name: Name.exactOptional(),
    scopes: Scopes.exactOptional(),
    signingAlgorithm: SigningAlgorithm.exactOptional(),
  }),
  responses: { 200: { description: "As it is now", schema: ResourceServerAnswer } },
  handler: (call) =>
    Effect.gen(function* () {
      const { id } = call.params;
      const command = { type: "ReviseResourceServer", changes: call.body } as const;
      const position = yield* commandResourceServer(call, { id, command });
      return { status: 200, body: { resourceServer: yield* showResourceServer(id) }, position };
    }),
});

export const removeResourceServer = route({
  method: "DELETE",
  path: "/v1/resource-servers/:id",
  summary: "Remove an API: no token is issued for it any more",
  auth: ARCHITECT,
  ownPersonOnly: true,
  params: ById,
  responses: { 204: { description: "Its audience can be registered again" } },
  handler: (call) =>
    Effect.map(
      commandResourceServer(call, {
        id: call.params.id,
        command: { type: "RemoveResourceServer" },
      }),
      (position) => ({ status: 204, position }),
    ),
});
