import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { type Issued, OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import { takeBack } from "../../adapters/reactions/take-back-role.ts";
import { isGrantable } from "../../domain/user/mod.ts";
import { guestOf } from "../guest/guest-of.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { writtenTo } from "../mail/written-to.ts";
import { verifyPassword } from "../passwords/stored-password.ts";
import { definedAmong } from "../roles/defined-roles.ts";
import { endSessionsOf } from "../session/lifecycle.ts";
import { emailOwner } from "../sign-up/claims.ts";
import { enroll } from "../sign-up/enroll.ts";
import { chargeSignIn } from "../throttles/charge-sign-in.ts";
import { userNow } from "../users/user-now.ts";
import { commandInvitation, invitationNow } from "./command-invitation.ts";

type Invited = {
  readonly token: string;
  readonly email: string;
  readonly password: string;
  readonly name?: string;
};

/**
 * Signs up whoever was invited, with the address that the invitation was sent to, which it proves,
 * and the roles that it gives. Two steps: the acceptance reserves the invitation for one person,
 * then their account is made, unless the invitation was taken back meanwhile. The link goes on
 * from either; once there is the account, the password says that it is the same person. Of many
 * at once, the one who spends the link gets on.
 *
 * Errors: 403 invalid_invitation, 409 email_taken.
 */
export const comeInvited = (context: RequestContext, invited: Invited) =>
  Effect.gen(function* () {
    const { token, ...person } = invited;
    const tokens = yield* OneTimeTokens;
    const issued = yield* tokens.peek("invitation", token);
    if (issued === undefined) return yield* refuse(403, "invalid_invitation");
    const { userId, made } = yield* comeBy(context, issued, person);
    const spent = yield* tokens.spend("invitation", token);
    // Whose account has been made in time is told so, should the link have expired meanwhile.
    const late = Date.parse(issued.expiresAt) <= (yield* Clock.currentTimeMillis);
    if (spent === undefined && !(made && late)) return yield* refuse(403, "invalid_invitation");
    const { position } = yield* (yield* Ledgers).identity.head;
    yield* reachAll(["users"], position);
    return { userId, position };
  });

type Person = Omit<Invited, "token">;
type Coming = Person & { readonly roles: ReadonlyArray<string> };

const comeBy = (context: RequestContext, issued: Issued, person: Person) =>
  Effect.gen(function* () {
    const id = issued.subject;
    const written = yield* writtenTo(issued);
    const state = yield* invitationNow(id);
    if (state.status !== "open" && state.status !== "accepted") {
      return yield* refuse(403, "invalid_invitation");
    }
    const coming = { ...person, roles: yield* stillThere(state.roles) };
    if (written !== undefined) {
      if (written.email !== person.email) return yield* refuse(403, "invalid_invitation");
      const userId =
        state.status === "accepted" ? state.userId : yield* reserved(context, id, person.email);
      return yield* enrolled(context, { ...coming, invitation: id }, userId);
    }
    // The address is unreadable: somebody has come.
    if (state.status !== "accepted" || (yield* emailOwner(person.email)) !== state.userId) {
      return yield* refuse(403, "invalid_invitation");
    }
    return yield* resumed(context, coming, state.userId);
  });

/** Accepts it for the guest who asks, or for the one person whom it makes. */
const reserved = (context: RequestContext, id: string, email: string) =>
  Effect.gen(function* () {
    if ((yield* emailOwner(email)) !== undefined) return yield* refuse(409, "email_taken");
    const userId = guestOf(context.caller)?.userId ?? (yield* inviteeOf(id));
    const now = new Date(yield* Clock.currentTimeMillis).toISOString();
    const { outcome } = yield* commandInvitation(context, {
      id,
      actorId: userId,
      command: { type: "AcceptInvitation", userId, now },
    });
    if (outcome !== "accepted") return yield* refuse(403, "invalid_invitation");
    return userId;
  }).pipe(Effect.catchTag("OwnerDestroyed", () => refuse(403, "invalid_invitation")));

const enrolled = (
  context: RequestContext,
  coming: Coming & { readonly invitation: string },
  userId: string,
) =>
  Effect.gen(function* () {
    const { state } = yield* userNow(userId);
    const here = guestOf(context.caller);
    const newcomer = {
      userId,
      guest: state.guest,
      ...(here?.userId === userId ? { session: here.sessionId } : {}),
    };
    yield* enroll(context, { ...coming, verified: true }, newcomer);
    yield* takeBackRetired(context, userId, coming.roles);
    if (newcomer.guest && newcomer.session === undefined) {
      // Accepted by a guest in another browser: whoever has the link is they.
      yield* endSessionsOf(context, `user:${userId}`, { userId, reason: "promoted" });
    }
    return { userId, made: true };
  }).pipe(
    // Withdrawn or lapsed, right before.
    Effect.catchTag("OwnerDestroyed", () => refuse(403, "invalid_invitation")),
    Effect.catchTag("Problem", (problem) => {
      const { code } = problem;
      if (code === "erased") return refuse(403, "invalid_invitation");
      const before = code === "already_exists" || code === "not_a_guest";
      return before ? resumed(context, coming, userId) : Effect.fail(problem);
    }),
  );

/** What an invitation gives of roles that have not been retired since it was issued. */
const stillThere = (roles: ReadonlyArray<string>) =>
  Effect.map(definedAmong(roles), (defined) => roles.filter((role) => isGrantable(role, defined)));

/** Asked once they are given: whoever retires one later finds it and takes it back. */
const takeBackRetired = (context: RequestContext, userId: string, given: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const still = yield* stillThere(given);
    const meta = yield* metaOf(context, `user:${userId}`);
    for (const role of given.filter((each) => !still.includes(each))) {
      yield* takeBack({ role, requestId: `${context.commandId}/take-back/${role}`, meta });
    }
  });

/** An id of the invitation's own, so that it makes one person however often it is tried. */
const inviteeOf = (id: string) =>
  Effect.map(Keyring, ({ artefact }) => {
    const bytes = Buffer.from(artefact("invitee", id).slice(0, 16));
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  });

/** Whoever signed up by this invitation and was not told so; nobody else has all of these. */
const resumed = (context: RequestContext, { email, password, roles }: Coming, userId: string) =>
  Effect.gen(function* () {
    yield* chargeSignIn(context, email);
    const { verified, state } = yield* verifyPassword(userId, password);
    const invited = state.emailVerified && roles.every((role) => state.roles.includes(role));
    const theirs = (yield* emailOwner(email)) === userId;
    if (!verified || !invited || !theirs) return yield* refuse(409, "email_taken");
    return { userId, made: false };
  });
