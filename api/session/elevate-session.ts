import * as Effect from "effect/Effect";
import { z } from "zod";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { GivenPassword } from "../passwords/password.ts";
import { verifyPassword } from "../passwords/stored-password.ts";
import { chargeSignIn, forgiveSignIn } from "../throttles/charge-sign-in.ts";
import { exchangeCredential } from "./exchange-credential.ts";

/**
 * Step-up. The credential is exchanged: from the append on the cookie so far is refused, and of
 * several requests with one cookie one passes.
 */
export const elevateSession = route({
  method: "POST",
  path: "/v1/session/elevate",
  summary: "Prove again who one is, for what asks for it; the cookie is exchanged",
  auth: "session",
  ownPersonOnly: true,
  handsOutSession: true,
  body: z.strictObject({ password: GivenPassword }),
  responses: { 204: { description: "Elevated for ten minutes" } },
  problems: { 403: ["invalid_credentials"], 409: ["no_password"], 429: ["throttled"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { userId } = call.caller;
      // Whoever found a session open must not find out the password with it.
      yield* chargeSignIn(call, `elevate ${userId}`);
      const { verified, state } = yield* verifyPassword(userId, call.body.password);
      if (state.password === undefined) return yield* refuse(409, "no_password");
      if (!verified) return yield* refuse(403, "invalid_credentials");
      yield* forgiveSignIn(call, `elevate ${userId}`);
      const cookies = yield* exchangeCredential(call, {
        type: "ElevateSession",
        method: "password",
      });
      if (cookies === undefined) return yield* refuse(401, "unauthenticated");
      return { status: 204, cookies };
    }),
});
