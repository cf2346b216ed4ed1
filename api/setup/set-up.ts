import * as Effect from "effect/Effect";
import { z } from "zod";
import type { Call } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { ChosenPassword } from "../passwords/password.ts";
import { verifyPassword } from "../passwords/stored-password.ts";
import type { Caller } from "../session/caller.ts";
import { startSession } from "../session/lifecycle.ts";
import { emailOwner } from "../sign-up/claims.ts";
import { EmailAddress } from "../sign-up/email-address.ts";
import { enroll } from "../sign-up/enroll.ts";
import { showUser } from "../users/show-user.ts";
import { UserAnswer } from "../users/user-view.ts";
import { claimServer } from "./claim-server.ts";
import { requireSetupToken } from "./require-setup-token.ts";

const TOKEN_MAX = 512;
const Token = z.string().min(1).max(TOKEN_MAX);
const Body = z.strictObject({
  token: Token,
  email: EmailAddress.exactOptional(),
  password: ChosenPassword.exactOptional(),
});
type SetUp = Call<unknown, unknown, z.output<typeof Body>, Caller | undefined>;

/**
 * Two steps, a sign-up and a claim, each of which finds what an interrupted one left: the address
 * is then taken, and its password proves that it is the same person.
 */
export const setUp = publicRoute({
  method: "POST",
  path: "/v1/setup",
  summary: "Become the first architect with the set-up token, once",
  ownPersonOnly: true,
  body: Body,
  responses: { 201: { description: "The first architect", schema: UserAnswer } },
  problems: {
    403: ["invalid_setup_token", "guest"],
    409: ["already_set_up", "email_taken"],
  },
  handler: (call) =>
    Effect.gen(function* () {
      yield* requireSetupToken(call, call.body.token);
      const userId = yield* claimant(call);
      const position = yield* claimServer(call, userId);
      const cookies = yield* startSession(call, { userId, method: "setup" });
      const user = yield* showUser(userId, position);
      return { status: 201, body: { user }, position, cookies };
    }),
});

/** Who is to be the architect: whoever is signed in, or whoever the address and password make. */
const claimant = (call: SetUp) =>
  Effect.gen(function* () {
    const { caller, body } = call;
    const { email, password } = body;
    if (email === undefined && password === undefined && caller !== undefined) {
      return caller.user.guest ? yield* refuse(403, "guest") : caller.userId;
    }
    if (email === undefined) return yield* refuse(400, "invalid_field", { field: "email" });
    if (password === undefined) return yield* refuse(400, "invalid_field", { field: "password" });
    const owner = yield* emailOwner(email);
    if (owner !== undefined) return yield* provenOwner(owner, password);
    return yield* enroll(call, { email, password }).pipe(
      Effect.map(({ userId }) => userId),
      Effect.catchTag("Problem", (problem) =>
        Effect.gen(function* () {
          // The same request at the same moment took the address first.
          const winner = problem.code === "email_taken" ? yield* emailOwner(email) : undefined;
          return winner === undefined ? yield* problem : yield* provenOwner(winner, password);
        }),
      ),
    );
  });

const provenOwner = (userId: string, password: string) =>
  Effect.gen(function* () {
    const { verified, state } = yield* verifyPassword(userId, password);
    return verified && state.status === "active" ? userId : yield* refuse(409, "email_taken");
  });
