import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { sendProofAgain } from "../email/send-proof-again.ts";
import { mergeGuest } from "../guest/merge-guest.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { GivenPassword } from "../passwords/password.ts";
import { rehashed } from "../passwords/rehash.ts";
import { verifyPassword } from "../passwords/stored-password.ts";
import { startSession } from "../session/lifecycle.ts";
import { identified } from "../sign-up/identified.ts";
import { chargeSignIn, forgiveSignIn } from "../throttles/charge-sign-in.ts";
import { showUser } from "../users/show-user.ts";
import { UserAnswer } from "../users/user-view.ts";
import { recordSignIn } from "./record-sign-in.ts";
import { rejectionOf } from "./rejection-of.ts";

const IDENTIFIER_MAX = 1024;

export const signIn = publicRoute({
  method: "POST",
  path: "/v1/sign-in",
  summary: "Sign in with an e-mail address or username and a password; a guest becomes that person",
  ownPersonOnly: true,
  body: z.strictObject({
    identifier: z.string().min(1).max(IDENTIFIER_MAX),
    password: GivenPassword,
  }),
  responses: { 200: { description: "Signed in", schema: UserAnswer } },
  problems: { 401: ["invalid_credentials"], 403: ["blocked"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { identifier, password } = call.body;
      yield* chargeSignIn(call, identifier);
      const userId = yield* identified(identifier);
      const { verified, outdated, state } = yield* verifyPassword(userId, password);
      const now = new Date(yield* Clock.currentTimeMillis).toISOString();
      const wantsProof = call.settings.verifyEmail === "before-sign-in";
      const reason = rejectionOf({ userId, verified, state, now, wantsProof });
      if (reason !== undefined) {
        yield* recordSignIn(call, { type: "RejectSignIn", userId, reason });
      }
      if (userId !== undefined && reason === "email-unverified") {
        // Behind the answer: who signed up with somebody's address must not tell by this either
        // whether there was an account before.
        yield* Effect.forkDetach(sendProofAgain(call, userId, state));
      }
      // Only whoever knows the password may learn that there is a block.
      if (userId === undefined || (reason !== undefined && reason !== "blocked")) {
        return yield* refuse(401, "invalid_credentials");
      }
      yield* forgiveSignIn(call, identifier);
      if (reason === "blocked") return yield* refuse(403, "blocked");
      yield* mergeGuest(call, userId);
      const { password: proved } = state;
      const { position } = yield* (yield* Ledgers).identity.head;
      const cookies = yield* startSession(call, {
        userId,
        method: "password",
        password: proved && (yield* rehashed(call, { userId, password, proved, outdated })),
      });
      const user = yield* showUser(userId, position);
      return { status: 200, body: { user }, cookies };
    }),
});
