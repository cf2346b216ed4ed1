import * as Effect from "effect/Effect";
import type { IssuerClaims } from "../../adapters/ports/openid-issuers.ts";
import { decideArrival, type Errand, type ToldEmail } from "../../domain/arrival/decide-arrival.ts";
import { proveAddress } from "../email/prove-address.ts";
import type { RequestContext } from "../http/call.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { sessionOf } from "../session/caller.ts";
import { recordSignIn } from "../sign-in/record-sign-in.ts";
import { claimOwner, emailOwner, providerClaim } from "../sign-up/claims.ts";
import { normaliseEmail } from "../sign-up/email-address.ts";
import { type AccountAt, enroll, newcomerOf, sealedAccount } from "../sign-up/enroll.ts";
import { commandUser } from "../users/command-user.ts";
import { dataKeyOf } from "../users/data-key.ts";
import { settled } from "../users/settled.ts";
import { userNow } from "../users/user-now.ts";
import { fillProfile, nameIn } from "./fill-profile.ts";
import { linkedAs } from "./linked-accounts.ts";
import { visitorOf } from "./visitor.ts";

export type Arriving = {
  readonly provider: string;
  readonly errand: Errand;
  /** In which session they set out to link. */
  readonly session?: string | undefined;
  readonly claims: IssuerClaims;
};

/** Somebody else did the same at the same moment: what they did is found when looked at again. */
const RACES_MAX = 3;
const RACED: ReadonlySet<string> = new Set(["account_taken", "email_taken", "conflict"]);

/**
 * Makes of who comes from a provider who they are here: in, linked, signed up, or refused.
 *
 * Errors: 403 blocked, signup_closed; 409 email_taken, account_taken, already_signed_in,
 * sign_in_first.
 */
export const arrive = (context: RequestContext, arriving: Arriving) =>
  Effect.retry(arriveOnce(context, arriving), {
    while: (error) => error._tag === "Problem" && error.status === 409 && RACED.has(error.code),
    times: RACES_MAX - 1,
  });

const arriveOnce = (context: RequestContext, arriving: Arriving) =>
  Effect.gen(function* () {
    const { provider, errand, claims } = arriving;
    const { subject } = claims;
    const owner = yield* claimOwner(providerClaim(provider, subject));
    const address = claims.email === undefined ? undefined : normaliseEmail(claims.email);
    const email = address === undefined ? undefined : yield* toldOf(address, claims);
    const admission = decideArrival({
      errand,
      visitor: visitorOf(context, arriving),
      ...(owner === undefined ? {} : { owner }),
      ...(email === undefined ? {} : { email }),
      signUp: context.settings.signUp,
    });
    const account = { accountId: crypto.randomUUID(), provider, subject };
    switch (admission.type) {
      case "refused": {
        const { reason } = admission;
        return yield* refuse(reason === "signup_closed" ? 403 : 409, reason);
      }
      case "come-in": {
        const { userId, proves } = admission;
        yield* refuseBlocked(context, userId);
        if (proves) yield* prove(context, arriving, { userId });
        return { userId, isNew: false };
      }
      case "link": {
        const { userId, proves } = admission;
        yield* refuseBlocked(context, userId);
        yield* link(context, userId, account);
        if (proves) yield* prove(context, arriving, { userId });
        yield* fillProfile(context, userId, claims);
        return { userId, isNew: false };
      }
      case "sign-up": {
        const { guest } = admission;
        if (guest !== undefined) yield* refuseBlocked(context, guest);
        const proved = admission.email && address !== undefined;
        const name = nameIn(claims);
        const { userId, position } = yield* enroll(
          context,
          {
            account,
            ...(proved ? { email: address, verified: true } : {}),
            ...(name === undefined ? {} : { name }),
          },
          guest === undefined ? { userId: crypto.randomUUID(), guest: false } : newcomerOf(context),
        );
        yield* fillProfile(context, userId, claims);
        if (position !== undefined) yield* reachAll(["users"], position);
        return { userId, isNew: true };
      }
      default:
        return admission satisfies never;
    }
  });

/** What the provider says of an address, beside what is known of it here. */
const toldOf = (address: string, { emailVerified: vouched }: IssuerClaims) =>
  Effect.gen(function* () {
    const userId = yield* emailOwner(address);
    if (userId === undefined) return { vouched } satisfies ToldEmail;
    const { state } = yield* userNow(userId);
    return { vouched, owner: { userId, verified: state.emailVerified } } satisfies ToldEmail;
  });

/** Only whoever holds the account learns that there is a block, and it is on record. */
const refuseBlocked = (context: RequestContext, userId: string) =>
  Effect.gen(function* () {
    const { blocked } = yield* userNow(userId);
    if (!blocked) return;
    yield* recordSignIn(context, { type: "RejectSignIn", userId, reason: "blocked" });
    return yield* refuse(403, "blocked");
  });

/** The account is theirs from here on: of two who link it at once, exactly one does. */
const link = (context: RequestContext, userId: string, account: AccountAt) =>
  Effect.gen(function* () {
    const { key, create } = yield* dataKeyOf(userId);
    const claim = yield* providerClaim(account.provider, account.subject);
    const { outcome, position } = yield* commandUser(context, {
      userId,
      step: "link",
      command: { type: "LinkProvider", ...sealedAccount(key, account) },
      along: () => ({
        claims: { take: [{ ...claim, owner: userId }] },
        dataKeys: { create },
      }),
    }).pipe(Effect.catchTag("ClaimTaken", () => refuse(409, "account_taken")));
    yield* settled(outcome);
    if (position !== undefined) yield* reachAll(["accounts"], position);
  });

/** Doors that only whoever chose the password came through. */
const BY_PASSWORD: ReadonlySet<string> = new Set(["password", "sign-up", "setup"]);

/**
 * The provider vouches for the address that they have here: the first proof of it, which came with
 * the password only where they set out from a session that it opened.
 */
const prove = (
  context: RequestContext,
  { provider, errand, claims }: Arriving,
  { userId }: { readonly userId: string },
) =>
  Effect.gen(function* () {
    const { state } = yield* userNow(userId);
    const own = errand === "link" ? sessionOf(context.caller)?.session : undefined;
    const withPassword =
      own !== undefined && (BY_PASSWORD.has(own.method) || own.elevatedAt !== undefined);
    const claim = yield* providerClaim(provider, claims.subject);
    const account = yield* linkedAs(userId, { provider, subject: claims.subject });
    if (state.email === undefined) return;
    yield* proveAddress(context, {
      userId,
      email: state.email,
      withPassword,
      ...(withPassword || account === undefined ? {} : { keeps: { accountId: account, claim } }),
      session: own?.id,
    });
  });
