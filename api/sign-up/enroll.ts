import * as Effect from "effect/Effect";
import type { SealingKey } from "../../adapters/ports/sealer.ts";
import { endingInvitation } from "../../adapters/reactions/take-back-invitation.ts";
import { guestOf } from "../guest/guest-of.ts";
import type { RequestContext } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { refuseOwnAddress } from "../passwords/own-address.ts";
import { enclosePassword } from "../passwords/stored-password.ts";
import { commandUser } from "../users/command-user.ts";
import { dataKeyOf } from "../users/data-key.ts";
import { settled } from "../users/settled.ts";
import { emailClaim, providerClaim } from "./claims.ts";

/** Who somebody is at a provider, in the clear. */
export type AccountAt = {
  readonly accountId: string;
  readonly provider: string;
  readonly subject: string;
};

/** What a new person brings: a normalised address, a password of their choice, maybe a name. */
export type Enrolment = {
  /** Absent where a provider vouches for none. */
  readonly email?: string;
  /** Without one, what lets them in is the address that they proved, or their account. */
  readonly password?: string;
  readonly name?: string;
  readonly account?: AccountAt;
  readonly verified?: true;
  /** Beside `user`. */
  readonly roles?: ReadonlyArray<string>;
  /** By which they come, by id: its key is destroyed, and was not before. */
  readonly invitation?: string;
};

/** Whom it makes a user: a new identity, or a guest with the session that they came in. */
export type Newcomer = {
  readonly userId: string;
  readonly guest: boolean;
  readonly session?: string;
};

/** The guest who asks, or somebody new. */
export function newcomerOf({ caller }: Pick<RequestContext, "caller">): Newcomer {
  const guest = guestOf(caller);
  if (guest === undefined) return { userId: crypto.randomUUID(), guest: false };
  return { userId: guest.userId, guest: true, session: guest.sessionId };
}

/**
 * Makes an account: a new identity, or a guest becomes one. The address is claimed in the same
 * transaction, so of two at once exactly one passes.
 *
 * Errors: 409 email_taken, account_taken, 400 invalid_field when the password is the address;
 * `OwnerDestroyed` when the invitation was taken back.
 */
export const enroll = (
  context: RequestContext,
  { email, password, name, account, verified, roles, invitation }: Enrolment,
  { userId, guest, session }: Newcomer = newcomerOf(context),
) =>
  Effect.gen(function* () {
    if (password !== undefined) yield* refuseOwnAddress(password, email);
    const claims = [
      ...(email === undefined ? [] : [yield* emailClaim(email)]),
      ...(account === undefined ? [] : [yield* providerClaim(account.provider, account.subject)]),
    ];
    const { key, create } = yield* dataKeyOf(userId);
    const vault = password === undefined ? undefined : yield* enclosePassword(userId, password);
    const enrolment = {
      ...(email === undefined ? {} : { email: key.seal("identity", "user.email", email) }),
      ...(account === undefined ? {} : { account: sealedAccount(key, account) }),
      ...(name === undefined ? {} : { name: key.seal("identity", "user.name", name) }),
      ...(vault === undefined
        ? {}
        : { credential: { accountId: crypto.randomUUID(), password: vault.reference } }),
      ...(verified === undefined ? {} : { verified }),
      ...(roles === undefined ? {} : { roles }),
    };
    const used = invitation === undefined ? undefined : endingInvitation(invitation);
    const { outcome, position } = yield* commandUser(context, {
      userId,
      command: guest
        ? { type: "PromoteGuest", ...enrolment, ...(session === undefined ? {} : { session }) }
        : { type: "SignUp", ...enrolment },
      along: () => ({
        claims: { take: claims.map((claim) => ({ ...claim, owner: userId })), ...used?.claims },
        vault: { put: vault === undefined ? [] : [vault.row] },
        dataKeys: { create, ...used?.dataKeys },
      }),
    }).pipe(
      Effect.catchTag("ClaimTaken", ({ kind }) =>
        refuse(409, kind === "provider" ? "account_taken" : "email_taken"),
      ),
    );
    yield* settled(outcome);
    return { userId, position };
  });

/** An account at a provider as events have it. */
export function sealedAccount(key: SealingKey, { accountId, provider, subject }: AccountAt) {
  const providerSubject = key.seal("identity", "user.providerSubject", subject);
  return { accountId, provider, providerSubject };
}
