import * as Effect from "effect/Effect";
import { z } from "zod";
import { route } from "../http/route.ts";
import { Id } from "../http/schemas.ts";
import { ARCHITECT } from "../session/gate.ts";
import { commandArchitects } from "./command-architects.ts";

export const dismissArchitect = route({
  method: "DELETE",
  path: "/v1/architects/:userId",
  summary: "Take the architect role away; never the last one's, never one's own",
  auth: ARCHITECT,
  ownPersonOnly: true,
  stepUp: true,
  params: z.strictObject({ userId: Id }),
  responses: { 204: { description: "Not an architect any more" } },
  problems: { 403: ["not_oneself"], 409: ["last_architect"] },
  handler: (call) => {
    const { userId } = call.params;
    const command = { type: "DismissArchitect", userId, by: call.caller.userId } as const;
    return Effect.map(commandArchitects(call, command), (position) => ({ status: 204, position }));
  },
});
