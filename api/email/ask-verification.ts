import * as Effect from "effect/Effect";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { requestMail } from "../mail/request-mail.ts";
import { addressOf } from "../mail/written-to.ts";
import { chargeMail } from "../throttles/charge-mail.ts";
import { userNow } from "../users/user-now.ts";

export const askVerification = route({
  method: "POST",
  path: "/v1/email/verification",
  summary: "Have the mail that proves one's address sent again",
  auth: "session",
  ownPersonOnly: true,
  responses: { 202: { description: "On its way, unless the address is proved already" } },
  problems: { 409: ["no_email", "mail_closed"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { userId } = call.caller;
      const { state } = yield* userNow(userId);
      const email = yield* addressOf(state);
      if (email === undefined) return yield* refuse(409, "no_email");
      if (state.emailVerified) return { status: 202 };
      yield* chargeMail(call, email);
      yield* requestMail(call, { purpose: "verification", userId, email });
      return { status: 202 };
    }),
});
