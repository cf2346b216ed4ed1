import * as Effect from "effect/Effect";
import { z } from "zod";
import { guestOf } from "../guest/guest-of.ts";
import { askedRedirect } from "../http/asked-redirect.ts";
import { publicRoute } from "../http/route.ts";
import { requestMail } from "../mail/request-mail.ts";
import { emailOwner } from "../sign-up/claims.ts";
import { EmailAddress } from "../sign-up/email-address.ts";
import { chargeMail } from "../throttles/charge-mail.ts";

const REDIRECT_MAX = 2048;

export const askMagicLink = publicRoute({
  method: "POST",
  path: "/v1/magic-link",
  summary: "Ask for a link that signs in, by mail; the answer is the same for every address",
  ownPersonOnly: true,
  body: z.strictObject({
    email: EmailAddress,
    redirectTo: z.string().max(REDIRECT_MAX).exactOptional(),
  }),
  responses: { 202: { description: "A mail goes out, if this address may sign in or up" } },
  problems: { 409: ["mail_closed"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { body, caller, settings } = call;
      const { email } = body;
      const redirectTo = yield* askedRedirect(body.redirectTo, settings);
      yield* chargeMail(call, email);
      const owner = yield* emailOwner(email);
      const open = settings.signUp === "open";
      const guest = open ? guestOf(caller)?.userId : undefined;
      const nobody = owner === undefined && guest === undefined;
      // The same is looked up, sealed and appended for everybody: nobody can tell by the time.
      yield* requestMail(call, {
        purpose: "magic-link",
        userId: owner ?? guest ?? crypto.randomUUID(),
        email,
        ...(redirectTo === undefined ? {} : { redirectTo }),
        ...(nobody ? (open ? { newcomer: true } : { unsent: true }) : {}),
      });
      return { status: 202 };
    }),
});
