import * as Effect from "effect/Effect";
import { z } from "zod";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { requestMail } from "../mail/request-mail.ts";
import { addressOf } from "../mail/written-to.ts";
import { requireElevated } from "../session/elevated.ts";
import { emailOwner } from "../sign-up/claims.ts";
import { EmailAddress } from "../sign-up/email-address.ts";
import { chargeMail } from "../throttles/charge-mail.ts";
import { userNow } from "../users/user-now.ts";

export const putEmail = route({
  method: "PUT",
  path: "/v1/me/email",
  summary: "Have a link sent to one's new address; it counts once the link is redeemed",
  auth: "session",
  ownPersonOnly: true,
  body: z.strictObject({ email: EmailAddress }),
  responses: { 202: { description: "A mail goes to the new address" } },
  problems: { 403: ["elevation_required"], 409: ["guest", "mail_closed"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { caller, body } = call;
      const { userId, sessionId: session } = caller;
      const { email } = body;
      if (caller.user.guest) return yield* refuse(409, "guest");
      yield* requireElevated(call);
      const { state } = yield* userNow(userId);
      const asked = { session, era: state.era };
      const present = yield* addressOf(state);
      if (present === email) return { status: 202 };
      yield* chargeMail(call, email, ...(present === undefined ? [] : [present]));
      // Whoever asks, asks in the person's name: the person hears of it, whatever comes of it.
      if (present !== undefined) {
        yield* requestMail(call, { purpose: "email-change-asked", userId });
      }
      // Whose it is, is not said here: whoever reads its mail is told.
      const owner = yield* emailOwner(email);
      yield* requestMail(
        call,
        owner === undefined || owner === userId
          ? { purpose: "email-change", userId, email, asked }
          : { purpose: "account-exists", userId: owner, email },
      );
      return { status: 202 };
    }),
});
