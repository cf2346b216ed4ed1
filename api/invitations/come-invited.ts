import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import { guestOf } from "../guest/guest-of.ts";
import type { RequestContext } from "../http/call.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { writtenTo } from "../mail/written-to.ts";
import { verifyPassword } from "../passwords/stored-password.ts";
import { emailOwner } from "../sign-up/claims.ts";
import { enroll, newcomerOf } from "../sign-up/enroll.ts";
import { chargeSignIn } from "../throttles/charge-sign-in.ts";
import { commandInvitation, invitationNow } from "./command-invitation.ts";

type Invited = {
  readonly token: string;
  readonly email: string;
  readonly password: string;
  readonly name?: string;
};

/**
 * Signs up whoever was invited, with the address that the invitation was sent to, which it proves,
 * and the roles that it gives. Two steps, a sign-up and an acceptance, each of which finds what an
 * interrupted one left: then the password says that it is the same person. Of many at once, the
 * one whose acceptance is appended gets on.
 *
 * Errors: 403 invalid_invitation, 409 email_taken.
 */
export const comeInvited = (context: RequestContext, invited: Invited) =>
  Effect.gen(function* () {
    const { token, ...person } = invited;
    const tokens = yield* OneTimeTokens;
    const issued = yield* tokens.peek("invitation", token);
    const written = issued && (yield* writtenTo(issued));
    if (issued === undefined || written?.email !== person.email) {
      return yield* refuse(403, "invalid_invitation");
    }
    const id = issued.subject;
    const state = yield* invitationNow(id);
    if (state.status !== "open") return yield* refuse(403, "invalid_invitation");
    const { roles } = state;
    const owner = yield* emailOwner(person.email);
    const userId = yield* owner === undefined
      ? enrolled(context, { ...person, roles, id })
      : resumed(context, owner, { ...person, roles });
    const now = new Date(yield* Clock.currentTimeMillis).toISOString();
    const { position } = yield* commandInvitation(context, {
      id,
      actorId: userId,
      command: { type: "AcceptInvitation", userId, now },
    });
    if (position === undefined) return yield* refuse(403, "invalid_invitation");
    yield* tokens.spend("invitation", token);
    yield* reachAll(["users"], position);
    return { userId, position };
  });

type Coming = Omit<Invited, "token"> & { readonly roles: ReadonlyArray<string> };

const enrolled = (context: RequestContext, { id, ...person }: Coming & { readonly id: string }) =>
  Effect.gen(function* () {
    const newcomer =
      guestOf(context.caller) === undefined
        ? { userId: yield* inviteeOf(id), guest: false }
        : newcomerOf(context);
    return yield* enroll(context, { ...person, verified: true }, newcomer).pipe(
      Effect.map(({ userId }) => userId),
      Effect.catchTag("Problem", (problem) =>
        Effect.gen(function* () {
          if (problem.code !== "email_taken" && problem.code !== "already_exists") {
            return yield* problem;
          }
          const winner = yield* emailOwner(person.email);
          if (winner === undefined) return yield* refuse(409, "email_taken");
          return yield* resumed(context, winner, person);
        }),
      ),
    );
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
const resumed = (context: RequestContext, owner: string, { email, password, roles }: Coming) =>
  Effect.gen(function* () {
    yield* chargeSignIn(context, email);
    const { verified, state } = yield* verifyPassword(owner, password);
    const invited = state.emailVerified && roles.every((role) => state.roles.includes(role));
    return verified && invited ? owner : yield* refuse(409, "email_taken");
  });
