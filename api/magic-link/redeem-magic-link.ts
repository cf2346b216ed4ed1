import * as Effect from "effect/Effect";
import { z } from "zod";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { type Issued, OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import { proveAddress } from "../email/prove-address.ts";
import { guestOf } from "../guest/guest-of.ts";
import { mergeGuest } from "../guest/merge-guest.ts";
import type { RequestContext } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { OneTimeToken } from "../mail/one-time-token.ts";
import { stillTheirs, type Written, writtenTo } from "../mail/written-to.ts";
import { endSessionsOf, startSession } from "../session/lifecycle.ts";
import { emailOwner } from "../sign-up/claims.ts";
import { enroll, newcomerOf } from "../sign-up/enroll.ts";
import { showUser } from "../users/show-user.ts";
import { userNow } from "../users/user-now.ts";
import { UserView } from "../users/user-view.ts";

/**
 * Spends the link before anything else: of many at once one gets on, and whoever is refused after
 * that (a block, a sign-up that was closed meanwhile) asks for another one.
 */
export const redeemMagicLink = publicRoute({
  method: "POST",
  path: "/v1/magic-link/redeem",
  summary: "Sign in, or up, with the token of a mailed link, once; the address is proved by it",
  ownPersonOnly: true,
  body: z.strictObject({ token: OneTimeToken }),
  responses: {
    200: {
      description: "Signed in",
      schema: z.strictObject({
        user: UserView,
        redirectTo: z.string().exactOptional(),
        /** A password that was set before the address was proved is gone. */
        passwordRemoved: z.boolean(),
      }),
    },
  },
  problems: { 403: ["invalid_token", "blocked", "signup_closed"] },
  handler: (call) =>
    Effect.gen(function* () {
      const issued = yield* (yield* OneTimeTokens).spend("magic-link", call.body.token);
      const written = issued && (yield* writtenTo(issued));
      if (issued === undefined || written === undefined) {
        return yield* refuse(403, "invalid_token");
      }
      const { userId, passwordRemoved } = yield* comeIn(call, issued, written).pipe(
        Effect.catchTag("OwnerDestroyed", () => refuse(403, "invalid_token")),
      );
      yield* mergeGuest(call, userId);
      const cookies = yield* startSession(call, { userId, method: "magic-link" });
      const { position } = yield* (yield* Ledgers).identity.head;
      const user = yield* showUser(userId, position);
      const { redirectTo } = written;
      const led = redirectTo === undefined ? {} : { redirectTo };
      const body = { user, ...led, passwordRemoved };
      return { status: 200, body, position, cookies };
    }),
});

/** Whose the address is now decides: a person, or the newcomer or guest who asked. */
const comeIn = (context: RequestContext, { subject }: Issued, written: Written) =>
  Effect.gen(function* () {
    const { state, blocked } = yield* userNow(subject);
    const settledOne = state.exists && !state.guest;
    const { email } = written;
    if (settledOne || email === undefined) return yield* signIn(context, subject, written);
    const owner = yield* emailOwner(email);
    if (owner !== undefined) return yield* signIn(context, owner, written);
    if (blocked) return yield* refuse(403, "blocked");
    if (context.settings.signUp !== "open") return yield* refuse(403, "signup_closed");
    const here = guestOf(context.caller);
    const newcomer =
      state.guest && here?.userId !== subject
        ? { userId: subject, guest: true }
        : here === undefined
          ? { userId: subject, guest: false }
          : newcomerOf(context);
    return yield* enroll(context, { email, verified: true }, newcomer).pipe(
      Effect.tap(({ userId }) =>
        // Wherever the guest was let in before, the link may have come from somebody else.
        newcomer.guest
          ? endSessionsOf(context, `user:${userId}`, { userId, reason: "promoted" })
          : Effect.void,
      ),
      Effect.map(({ userId }) => ({ userId, passwordRemoved: false })),
      Effect.catchTag("Problem", (problem) =>
        Effect.gen(function* () {
          // Somebody took the address this very moment; whoever reads its mail is they.
          const winner = problem.code === "email_taken" ? yield* emailOwner(email) : undefined;
          return winner === undefined ? yield* problem : yield* signIn(context, winner, written);
        }),
      ),
    );
  });

const signIn = (context: RequestContext, userId: string, written: Written) =>
  Effect.gen(function* () {
    const { state, blocked } = yield* userNow(userId);
    const email = yield* stillTheirs(written, state.email);
    if (email === undefined) return yield* refuse(403, "invalid_token");
    if (blocked) return yield* refuse(403, "blocked");
    const proof = { userId, email, withPassword: false };
    const { passwordRemoved } = yield* proveAddress(context, proof);
    return { userId, passwordRemoved };
  });
