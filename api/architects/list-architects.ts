import * as Effect from "effect/Effect";
import { z } from "zod";
import { route } from "../http/route.ts";
import { Id, pageOf } from "../http/schemas.ts";
import { ARCHITECT } from "../session/gate.ts";
import { architectsNow } from "../users/standing.ts";

export const ArchitectView = z.strictObject({ userId: Id }).meta({ title: "Architect" });

export const listArchitects = route({
  method: "GET",
  path: "/v1/architects",
  summary: "Who owns this server",
  auth: ARCHITECT,
  responses: { 200: { description: "All of them", schema: pageOf(ArchitectView) } },
  handler: () =>
    Effect.map(architectsNow, (now) => ({
      status: 200,
      body: { items: [...now].map((userId) => ({ userId })) },
    })),
});
