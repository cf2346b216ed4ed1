import * as Effect from "effect/Effect";
import { z } from "zod";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { publicRoute } from "../http/route.ts";

const Building = z.strictObject({ version: z.int(), position: z.int() });

const Readiness = z.strictObject({
  status: z.enum(["ready"]),
  models: z.array(
    z.strictObject({
      model: z.string(),
      version: z.int(),
      position: z.int(),
      head: z.int(),
      lag: z.int().min(0),
      parked: z.int().min(0),
      problem: z.string().exactOptional(),
      building: Building.exactOptional(),
    }),
  ),
});

export const readyz = publicRoute({
  method: "GET",
  path: "/readyz",
  summary: "The store is reachable; how far behind each read model is, and what is parked",
  responses: { 200: { description: "Ready", schema: Readiness } },
  handler: () =>
    Effect.gen(function* () {
      const { identity, activity } = yield* Ledgers;
      yield* identity.head;
      yield* activity.head;
      const models = (yield* (yield* ReadModels).status).map((status) => ({
        ...status,
        lag: Math.max(0, status.head - status.position),
      }));
      return { status: 200, body: { status: "ready", models } };
    }),
});
