import * as Effect from "effect/Effect";
import { z } from "zod";
import { userCodec } from "../../adapters/codec/user.ts";
import { load } from "../../adapters/transact.ts";
import { user } from "../../domain/user/mod.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { Id } from "../http/schemas.ts";
import { ARCHITECT } from "../session/gate.ts";
import { commandArchitects } from "./command-architects.ts";
import { dismissUnfit } from "./dismiss-unfit.ts";
import { ArchitectView } from "./list-architects.ts";

export const appointArchitect = route({
  method: "POST",
  path: "/v1/architects",
  summary: "Make a user an architect",
  auth: ARCHITECT,
  ownPersonOnly: true,
  stepUp: true,
  body: z.strictObject({ userId: Id }),
  responses: { 201: { description: "Appointed", schema: ArchitectView } },
  problems: { 404: ["not_found"], 409: ["guest", "blocked"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { userId } = call.body;
      const { state } = yield* load({ decider: user, codec: userCodec }, userId);
      if (state.status === "absent" || state.status === "erased") {
        return yield* refuse(404, "not_found");
      }
      if (state.guest) return yield* refuse(409, "guest");
      if (state.status === "blocked") return yield* refuse(409, "blocked");
      const command = { type: "AppointArchitect", userId, by: call.caller.userId } as const;
      const position = yield* commandArchitects(call, command);
      // Blocked or erased since they were looked at: the two stand in two streams.
      if (yield* dismissUnfit(call, userId)) return yield* refuse(409, "conflict");
      return { status: 201, body: { userId }, position };
    }),
});
