import * as Effect from "effect/Effect";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { startSession } from "../session/lifecycle.ts";
import { chargeGuest } from "../throttles/charge-guest.ts";
import { commandUser } from "../users/command-user.ts";
import { settled } from "../users/settled.ts";
import { showUser } from "../users/show-user.ts";
import { UserAnswer } from "../users/user-view.ts";

export const admitGuest = publicRoute({
  method: "POST",
  path: "/v1/guest",
  summary: "An identity without a form; a later sign-up keeps it",
  ownPersonOnly: true,
  responses: {
    200: { description: "Already a guest", schema: UserAnswer },
    201: { description: "Admitted", schema: UserAnswer },
  },
  problems: { 409: ["already_signed_in"] },
  handler: (call) =>
    Effect.gen(function* () {
      if (call.caller?.user.guest === false) return yield* refuse(409, "already_signed_in");
      if (call.caller !== undefined) {
        const user = yield* showUser(call.caller.userId, undefined);
        return { status: 200, body: { user } };
      }
      yield* chargeGuest(call);
      const userId = crypto.randomUUID();
      const command = { type: "AdmitGuest" } as const;
      // Every identity is born with its key: two requests at once could not both make one later.
      const { row } = (yield* Sealer).mint(`user:${userId}`);
      const along = () => ({ dataKeys: { create: [row] } });
      const { outcome, position } = yield* commandUser(call, { userId, command, along });
      yield* settled(outcome);
      const user = yield* showUser(userId, position);
      const cookies = yield* startSession(call, { userId, method: "guest" });
      return { status: 201, body: { user }, position, cookies };
    }),
});
