import * as Effect from "effect/Effect";
import { z } from "zod";
import { catalogue } from "../../adapters/codec/catalogue.ts";
import type { JsonObject } from "../../domain/json.ts";
import { scopedRoute } from "../http/route.ts";
import { pageOf } from "../http/schemas.ts";
import { AUDITOR } from "../session/gate.ts";

const Item = z
  .strictObject({
    ledger: z.enum(["identity", "activity"]),
    category: z.string(),
    type: z.string(),
    schema: z.int().min(1),
    data: z.record(z.string(), z.unknown()),
    sample: z.record(z.string(), z.unknown()),
  })
  .meta({ title: "CatalogueItem" });

export const getCatalogue = scopedRoute({
  method: "GET",
  path: "/v1/ledger/catalogue",
  summary: "Every type of event in every version, with a JSON Schema and a sample",
  auth: AUDITOR,
  scope: "ledger:read",
  responses: { 200: { description: "The catalogue", schema: pageOf(Item) } },
  handler: () =>
    Effect.sync(() => ({ status: 200, body: { items: catalogue() as ReadonlyArray<JsonObject> } })),
});
