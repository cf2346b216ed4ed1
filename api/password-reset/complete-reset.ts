import * as Effect from "effect/Effect";
import { z } from "zod";
import { OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import { proveAddress } from "../email/prove-address.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { OneTimeToken } from "../mail/one-time-token.ts";
import { stillTheirs, writtenTo } from "../mail/written-to.ts";
import { choosePassword } from "../passwords/choose-password.ts";
import { refuseOwnAddress } from "../passwords/own-address.ts";
import { ChosenPassword } from "../passwords/password.ts";
import { endSessionsOf } from "../session/lifecycle.ts";
import { userNow } from "../users/user-now.ts";

/** Asked for by the person, or by an administrator for them. */
const PURPOSES = ["reset", "set-password"] as const;

export const completeReset = publicRoute({
  method: "POST",
  path: "/v1/password/reset/complete",
  summary: "Choose a password with the token of a mailed link, once; every session ends",
  ownPersonOnly: true,
  body: z.strictObject({ token: OneTimeToken, password: ChosenPassword }),
  responses: { 204: { description: "Chosen; the address is proved, sign in with it" } },
  problems: { 403: ["invalid_token", "blocked"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { token, password } = call.body;
      const tokens = yield* OneTimeTokens;
      const found = yield* Effect.forEach(PURPOSES, (purpose) => tokens.peek(purpose, token));
      const issued = found.find((each) => each !== undefined);
      const written = issued && (yield* writtenTo(issued));
      if (issued === undefined || written === undefined) {
        return yield* refuse(403, "invalid_token");
      }
      const userId = issued.subject;
      const { state, blocked } = yield* userNow(userId);
      const email = yield* stillTheirs(written, state.email);
      if (email === undefined) return yield* refuse(403, "invalid_token");
      if (blocked) return yield* refuse(403, "blocked");
      yield* refuseOwnAddress(password, email);
      // Of many at once one gets on; a password that is refused before leaves the token good.
      if ((yield* tokens.spend(issued.purpose, token)) === undefined) {
        return yield* refuse(403, "invalid_token");
      }
      const position = yield* choosePassword(call, { userId, password });
      // Only now: dead in between, an unproved address with a proved password is the safe half.
      const proved = yield* proveAddress(call, {
        userId,
        email,
        withPassword: true,
        keeps: "none",
      });
      yield* tokens.withdraw(userId);
      yield* endSessionsOf(call, `user:${userId}`, { userId, reason: "password-replaced" });
      return { status: 204, position: proved.position ?? position };
    }),
});
