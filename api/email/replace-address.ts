import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import type { RequestContext } from "../http/call.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { endSessionsOf } from "../session/lifecycle.ts";
import { emailClaim } from "../sign-up/claims.ts";
import { commandUser } from "../users/command-user.ts";
import { dataKeyOf } from "../users/data-key.ts";
import { settled } from "../users/settled.ts";

/** Until then a proved address that was given up is nobody else's: mails to it still come. */
export const QUARANTINE_MS = 30 * 24 * 60 * 60 * 1000;

export type Change = {
  readonly userId: string;
  /** Normalised, and proved. */
  readonly email: string;
  /** The session of theirs that it was done from; it stays. */
  readonly session: string;
};

/**
 * Makes a proved address the person's. What was mailed to the old one opens nothing any more, and
 * other sessions end. An address that they had never proved goes back at once: it may be another's.
 *
 * Errors: 409 email_taken.
 */
export const replaceAddress = (context: RequestContext, { userId, email, session }: Change) =>
  Effect.gen(function* () {
    const claim = yield* emailClaim(email);
    const { key, create } = yield* dataKeyOf(userId);
    const until = new Date((yield* Clock.currentTimeMillis) + QUARANTINE_MS).toISOString();
    const { outcome, position } = yield* commandUser(context, {
      userId,
      command: {
        type: "ReplaceEmail",
        email: key.seal("identity", "user.email", email),
        session,
      },
      along: (_events, { emailVerified }) => ({
        claims: {
          release: [
            { kind: "email", owner: userId, ...(emailVerified && { quarantinedUntil: until }) },
          ],
          take: [{ ...claim, owner: userId }],
        },
        dataKeys: { create },
      }),
    }).pipe(Effect.catchTag("ClaimTaken", () => refuse(409, "email_taken")));
    yield* settled(outcome);
    if (position !== undefined) yield* reachAll(["users"], position);
    yield* (yield* OneTimeTokens).withdraw(userId);
    const ending = { userId, reason: "email-replaced", except: session } as const;
    yield* endSessionsOf(context, `user:${userId}`, ending);
    return { position };
  });
