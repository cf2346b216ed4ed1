import * as Effect from "effect/Effect";
import type { RequestContext } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { mailIsOpen } from "../mail/mail-is-open.ts";
import { requestMail } from "../mail/request-mail.ts";
import { refuseOwnAddress } from "../passwords/own-address.ts";
import { enclosePassword } from "../passwords/stored-password.ts";
import { chargeMail } from "../throttles/charge-mail.ts";
import { emailOwner } from "./claims.ts";
import { enroll } from "./enroll.ts";

type Person = { readonly email: string; readonly password: string; readonly name?: string };

/**
 * A sign-up whose answer does not tell whether the address has an account: a mail goes to it
 * either way, with a link to prove it or with word that there is an account. Both take one hash
 * and one append. A guest stays one until they sign in, or their own session would tell.
 */
export const signUpUnseen = (context: RequestContext, person: Person) =>
  Effect.gen(function* () {
    const { email, password } = person;
    if (!mailIsOpen(context.settings)) return yield* refuse(409, "mail_closed");
    yield* chargeMail(context, email);
    yield* refuseOwnAddress(password, email);
    const owner = yield* emailOwner(email);
    if (owner !== undefined) {
      yield* enclosePassword(owner, password);
      yield* requestMail(context, { purpose: "account-exists", userId: owner, email });
    } else {
      const newcomer = { userId: crypto.randomUUID(), guest: false };
      yield* enroll(context, person, newcomer).pipe(
        Effect.catchTag("Problem", (problem) =>
          Effect.gen(function* () {
            const winner = problem.code === "email_taken" ? yield* emailOwner(email) : undefined;
            // In quarantine it is nobody's who could be written to.
            if (winner === undefined)
              return problem.code === "email_taken" ? undefined : yield* problem;
            yield* requestMail(context, { purpose: "account-exists", userId: winner, email });
          }),
        ),
      );
    }
    // Where the ledger ends would tell, too.
    return { status: 202, position: 0 };
  });
