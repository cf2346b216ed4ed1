import * as Effect from "effect/Effect";
import { z } from "zod";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { scopedRoute } from "../http/route.ts";
import { cursor, limit, PAGE_DEFAULT, pageOf } from "../http/schemas.ts";
import { ARCHITECT } from "../session/gate.ts";
import { StoreView } from "./store-view.ts";

export const listStores = scopedRoute({
  method: "GET",
  path: "/v1/stores",
  summary: "Every authorization store, oldest first",
  auth: ARCHITECT,
  scope: "authz:read",
  query: z.strictObject({ limit, cursor }),
  reads: ["stores"],
  responses: { 200: { description: "A page of stores", schema: pageOf(StoreView) } },
  handler: ({ query }) =>
    Effect.gen(function* () {
      const page = yield* (yield* ReadModels).list("stores", {
        limit: query.limit ?? PAGE_DEFAULT,
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      });
      const next = page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor };
      return { status: 200, body: { items: page.items.map(({ row }) => row), ...next } };
    }),
});
