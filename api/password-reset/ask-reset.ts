import * as Effect from "effect/Effect";
import { z } from "zod";
import { publicRoute } from "../http/route.ts";
import { requestMail } from "../mail/request-mail.ts";
import { emailOwner } from "../sign-up/claims.ts";
import { EmailAddress } from "../sign-up/email-address.ts";
import { chargeMail } from "../throttles/charge-mail.ts";

export const askReset = publicRoute({
  method: "POST",
  path: "/v1/password/reset",
  summary: "Ask for a link to choose a password by mail; the answer is the same for every address",
  body: z.strictObject({ email: EmailAddress }),
  responses: { 202: { description: "A mail goes out, if this address is somebody's" } },
  problems: { 409: ["mail_closed"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { email } = call.body;
      yield* chargeMail(call, email);
      const owner = yield* emailOwner(email);
      // The same is looked up, sealed and appended for everybody: nobody can tell by the time.
      yield* requestMail(call, {
        purpose: "reset",
        userId: owner ?? crypto.randomUUID(),
        email,
        ...(owner === undefined ? { unsent: true } : {}),
      });
      return { status: 202 };
    }),
});
