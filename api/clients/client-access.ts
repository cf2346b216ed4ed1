import * as Effect from "effect/Effect";
import { z } from "zod";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { ACCESS_RELATIONS, clientObject } from "../../domain/client/mod.ts";
import { PLATFORM_STORE } from "../../domain/store/mod.ts";
import type { TupleRow } from "../../projections/tuples.ts";
import { refuse } from "../http/problem.ts";
import { scopedRoute } from "../http/route.ts";
import { cursor, Id, limit, PAGE_DEFAULT, pageOf } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";
import { userNow } from "../users/user-now.ts";
import { changeAccess } from "./access.ts";
import { ByClientId } from "./client-id.ts";
import { showClient } from "./show-client.ts";

const Relation = z.enum(ACCESS_RELATIONS);
const AccessView = z
  .strictObject({ userId: z.string(), relation: Relation })
  .meta({ title: "ClientAccess" });
const ByPerson = ByClientId.extend({ userId: Id });

export const listClientAccess = scopedRoute({
  method: "GET",
  path: "/v1/clients/:id/access",
  summary: "Who may sign in to an application whose access is restricted",
  auth: ADMIN,
  scope: "clients:write",
  params: ByClientId,
  query: z.strictObject({ limit, cursor }),
  reads: ["clients", "tuples"],
  responses: { 200: { description: "A page", schema: pageOf(AccessView) } },
  handler: ({ params, query }) =>
    Effect.gen(function* () {
      yield* showClient(params.id);
      const page = yield* (yield* ReadModels).list("tuples", {
        tags: [`${PLATFORM_STORE}|object:${clientObject(params.id)}`],
        limit: query.limit ?? PAGE_DEFAULT,
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      });
      // Other relations, and whoever is no person, are not about signing in.
      const items = page.items.flatMap(({ row }) => {
        const { relation, subject } = row as TupleRow;
        const [, userId] = /^user:([0-9a-f-]{36})$/.exec(subject) ?? [];
        const known = Relation.safeParse(relation).data;
        return userId === undefined || known === undefined ? [] : [{ userId, relation: known }];
      });
      const next = page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor };
      return { status: 200, body: { items, ...next } };
    }),
});

export const giveClientAccess = scopedRoute({
  method: "PUT",
  path: "/v1/clients/:id/access/:userId",
  summary: "Let somebody sign in to an application whose access is restricted",
  auth: ADMIN,
  scope: "clients:write",
  ownPersonOnly: true,
  params: ByPerson,
  body: z.strictObject({ relation: Relation }),
  responses: { 200: { description: "They may from here on", schema: AccessView } },
  problems: { 409: ["erased"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { id: clientId, userId } = call.params;
      const { relation } = call.body;
      yield* showClient(clientId);
      const { status } = (yield* userNow(userId)).state;
      if (status === "absent") return yield* refuse(404, "not_found");
      if (status === "erased") return yield* refuse(409, "erased");
      const position = yield* changeAccess(call, { clientId, userId, relation });
      return { status: 200, body: { userId, relation }, position };
    }),
});

export const takeClientAccess = scopedRoute({
  method: "DELETE",
  path: "/v1/clients/:id/access/:userId",
  summary:
    "Let somebody sign in to a restricted application no more; what they have is not renewed",
  auth: ADMIN,
  scope: "clients:write",
  ownPersonOnly: true,
  params: ByPerson,
  responses: { 204: { description: "They may no more" } },
  handler: (call) =>
    Effect.gen(function* () {
      const { id: clientId, userId } = call.params;
      const position = yield* changeAccess(call, { clientId, userId, relation: undefined });
      return { status: 204, position };
    }),
});
