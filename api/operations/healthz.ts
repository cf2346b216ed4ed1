import * as Effect from "effect/Effect";
import { z } from "zod";
import { publicRoute } from "../http/route.ts";

export const healthz = publicRoute({
  method: "GET",
  path: "/healthz",
  summary: "The process answers",
  responses: {
    200: { description: "Alive", schema: z.strictObject({ status: z.literal("ok") }) },
  },
  handler: () => Effect.succeed({ status: 200, body: { status: "ok" } }),
});
