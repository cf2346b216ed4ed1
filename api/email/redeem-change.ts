import * as Effect from "effect/Effect";
import { type Issued, OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import type { RequestContext } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import type { Written } from "../mail/written-to.ts";
import { sessionOf } from "../session/caller.ts";
import { keepSession } from "../session/exchange-credential.ts";
import { replaceAddress } from "./replace-address.ts";
import { stillAsked } from "./still-asked.ts";

type Redeeming = {
  readonly issued: Issued;
  readonly written: Written;
  readonly token: string;
};

/**
 * Moves a person to the address that the link was mailed to. The link proves who reads the mail,
 * not whose account it is: so it counts in a session of that account alone. Whoever opens it
 * elsewhere takes over nothing and gives nothing away, and the token stays good.
 *
 * Errors: 403 own_session_required, and those of `stillAsked`.
 */
export const redeemChange = (context: RequestContext, { issued, written, token }: Redeeming) =>
  Effect.gen(function* () {
    const caller = sessionOf(context.caller);
    const { subject: userId } = issued;
    if (caller?.userId !== userId) return yield* refuse(403, "own_session_required");
    const email = written.email ?? (yield* refuse(403, "invalid_token"));
    yield* stillAsked(caller, written.cause);
    // Of many at once, one gets on.
    if ((yield* (yield* OneTimeTokens).spend("email-change", token)) === undefined) {
      return yield* refuse(403, "invalid_token");
    }
    const { position } = yield* replaceAddress(context, {
      userId,
      email,
      session: caller.sessionId,
    });
    const cookies = yield* keepSession({ ...context, caller }, "email-replaced");
    return { status: 200, body: { passwordRemoved: false }, position, cookies };
  });
