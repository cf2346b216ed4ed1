import * as Effect from "effect/Effect";
import { z } from "zod";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { ClientRow } from "../../projections/clients.ts";
import { scopedRoute } from "../http/route.ts";
import { cursor, limit, PAGE_DEFAULT, pageOf } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";
import { ClientView, viewClient } from "./client-view.ts";

export const listClients = scopedRoute({
  method: "GET",
  path: "/v1/clients",
  summary: "Every application that is registered, oldest first",
  auth: ADMIN,
  scope: "clients:write",
  reads: ["clients"],
  query: z.strictObject({ limit, cursor }),
  responses: { 200: { description: "A page", schema: pageOf(ClientView) } },
  handler: ({ query }) =>
    Effect.gen(function* () {
      const page = yield* (yield* ReadModels).list("clients", {
        limit: query.limit ?? PAGE_DEFAULT,
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      });
      const items = page.items.map(({ row }) => viewClient(row as ClientRow));
      const next = page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor };
      return { status: 200, body: { items, ...next } };
    }),
});
