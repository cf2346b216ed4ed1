import * as Effect from "effect/Effect";
import type { RequestContext } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { refuseOwnAddress } from "../passwords/own-address.ts";
import { enclosePassword } from "../passwords/stored-password.ts";
import { commandUser } from "../users/command-user.ts";
import { dataKeyOf } from "../users/data-key.ts";
import { settled } from "../users/settled.ts";
import { emailClaim } from "./claims.ts";

/** What a new person brings: a normalised address, a password of their choice, maybe a name. */
export type Enrolment = {
  readonly email: string;
  readonly password: string;
  readonly name?: string;
};

/**
 * Makes an account: a new identity, or the guest who asks becomes one. The address is claimed in
 * the same transaction, so of two at once exactly one passes.
 *
 * Errors: 409 email_taken, 400 invalid_field when the password is the address.
 */
export const enroll = (context: RequestContext, { email, password, name }: Enrolment) =>
  Effect.gen(function* () {
    yield* refuseOwnAddress(password, email);
    const guest = context.caller?.user.guest === true ? context.caller : undefined;
    const userId = guest?.userId ?? crypto.randomUUID();
    const claim = yield* emailClaim(email);
    const { key, create } = yield* dataKeyOf(userId);
    const vault = yield* enclosePassword(userId, password);
    const account = {
      email: key.seal("identity", "user.email", email),
      ...(name === undefined ? {} : { name: key.seal("identity", "user.name", name) }),
      credential: { accountId: crypto.randomUUID(), password: vault.reference },
    };
    const { outcome, position } = yield* commandUser(context, {
      userId,
      command:
        guest === undefined
          ? { type: "SignUp", ...account }
          : { type: "PromoteGuest", session: guest.sessionId, ...account },
      along: () => ({
        claims: { take: [{ ...claim, owner: userId }] },
        vault: { put: [vault.row] },
        dataKeys: { create },
      }),
    }).pipe(Effect.catchTag("ClaimTaken", () => refuse(409, "email_taken")));
    yield* settled(outcome);
    return { userId, position };
  });
