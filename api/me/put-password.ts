import * as Effect from "effect/Effect";
import { z } from "zod";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { refuseOwnAddress } from "../passwords/own-address.ts";
import { ChosenPassword, GivenPassword } from "../passwords/password.ts";
import { enclosePassword, verifyPassword } from "../passwords/stored-password.ts";
import { endSessionsOf } from "../session/lifecycle.ts";
import { commandUser } from "../users/command-user.ts";
import { settled } from "../users/settled.ts";

export const putPassword = route({
  method: "PUT",
  path: "/v1/me/password",
  summary: "Replace one's password; every other session ends",
  auth: "session",
  ownPersonOnly: true,
  body: z.strictObject({ current: GivenPassword, password: ChosenPassword }),
  responses: { 204: { description: "Replaced" } },
  problems: { 403: ["invalid_credentials"], 409: ["no_password"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { userId, sessionId } = call.caller;
      const { verified, state } = yield* verifyPassword(userId, call.body.current);
      if (state.password === undefined) return yield* refuse(409, "no_password");
      if (!verified) return yield* refuse(403, "invalid_credentials");
      yield* refuseOwnAddress(call.body.password, state.email);
      const vault = yield* enclosePassword(userId, call.body.password);
      const { outcome, position } = yield* commandUser(call, {
        userId,
        command: { type: "ReplacePassword", password: vault.reference, session: sessionId },
        along: (_events, { password }) => ({
          vault: { put: [vault.row], remove: password === undefined ? [] : [password.id] },
        }),
      });
      yield* settled(outcome);
      if (position !== undefined) yield* reachAll(["users"], position);
      const ending = { userId, reason: "password-replaced", except: sessionId } as const;
      yield* endSessionsOf(call, `user:${userId}`, ending);
      return { status: 204, position };
    }),
});
