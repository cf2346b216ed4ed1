import * as Effect from "effect/Effect";
import type { User } from "../../domain/user/mod.ts";
import type { RequestContext } from "../http/call.ts";
import { requestMail } from "../mail/request-mail.ts";
import { addressOf } from "../mail/written-to.ts";
import { chargeMail } from "../throttles/charge-mail.ts";

/** Sends the mail that proves an address once more, if that many have not been sent just now. */
export const sendProofAgain = (
  context: RequestContext,
  userId: string,
  state: Pick<User, "email">,
) =>
  Effect.gen(function* () {
    const email = yield* addressOf(state);
    if (email === undefined) return;
    yield* chargeMail(context, email);
    yield* requestMail(context, { purpose: "verification", userId, email });
  }).pipe(Effect.catchTag("Problem", () => Effect.void));
