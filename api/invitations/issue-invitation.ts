import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { INVITED, takeBackInvitation } from "../../adapters/reactions/take-back-invitation.ts";
import { invitation } from "../../domain/invitation/mod.ts";
import { MAIL_LIFETIME_MS } from "../../domain/mail/mod.ts";
import { ARCHITECTS_ONLY } from "../../domain/user/roles.ts";
import type { InvitationRow } from "../../projections/invitations.ts";
import { metaOf } from "../http/meta.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { mailIsOpen } from "../mail/mail-is-open.ts";
import { definedAmong } from "../roles/defined-roles.ts";
import { ADMIN } from "../session/gate.ts";
import { claimOf, emailOwner } from "../sign-up/claims.ts";
import { EmailAddress } from "../sign-up/email-address.ts";
import { chargeMail } from "../throttles/charge-mail.ts";
import { administration } from "../users/standing.ts";
import { commandInvitation } from "./command-invitation.ts";
import { InvitationView, viewInvitations } from "./invitation-view.ts";

/** As many as a person may hold. */
const ROLES_MAX = 100;
const ROLE_MAX = 64;

export const issueInvitation = route({
  method: "POST",
  path: "/v1/invitations",
  summary: "Invite somebody by mail to sign up with this address, within a week",
  auth: ADMIN,
  ownPersonOnly: true,
  body: z.strictObject({
    email: EmailAddress,
    roles: z.array(z.string().min(1).max(ROLE_MAX)).max(ROLES_MAX).exactOptional(),
  }),
  responses: {
    201: { description: "Invited", schema: z.strictObject({ invitation: InvitationView }) },
  },
  problems: {
    400: ["unknown_role", "use_architects"],
    403: ["signup_closed"],
    409: ["email_taken", "mail_closed", "already_issued"],
  },
  handler: (call) =>
    Effect.gen(function* () {
      const { body, caller, settings } = call;
      const { email } = body;
      const roles = [...new Set(body.roles ?? [])].filter((role) => role !== "user");
      if (settings.signUp === "closed") return yield* refuse(403, "signup_closed");
      if (!mailIsOpen(settings)) return yield* refuse(409, "mail_closed");
      if (roles.includes("architect")) return yield* refuse(400, "use_architects");
      const { by } = yield* administration(caller, caller.userId);
      if (by.rank !== "architect" && roles.some((role) => ARCHITECTS_ONLY.has(role))) {
        return yield* refuse(403, "forbidden", { requires: "architect" });
      }
      if ((yield* emailOwner(email)) !== undefined) return yield* refuse(409, "email_taken");
      yield* chargeMail(call, email);
      const id = crypto.randomUUID();
      const key = (yield* Sealer).mint(`invitation:${id}`);
      const expiresMs = (yield* Clock.currentTimeMillis) + MAIL_LIFETIME_MS.invitation;
      const command = {
        type: "IssueInvitation",
        email: key.seal("identity", "invitation.email", email),
        roles,
        expiresAt: new Date(expiresMs).toISOString(),
        defined: yield* definedAmong(roles),
      } as const;
      const decided = invitation.decide(command, invitation.initial).outcome;
      if (decided === "unknown_role") return yield* refuse(400, decided);
      // Now that another can take its place, the one before is worthless, and so is its link.
      const requestId = `${call.commandId}/replace`;
      const meta = yield* metaOf(call, `user:${caller.userId}`);
      yield* takeBackInvitation(email, { requestId, meta });
      const { outcome, position } = yield* commandInvitation(call, {
        id,
        actorId: caller.userId,
        command,
        create: { key: key.row, claim: { ...(yield* claimOf(INVITED, email)), owner: id } },
      }).pipe(Effect.catchTag("ClaimTaken", () => refuse(409, "already_issued")));
      if (outcome === "unknown_role") return yield* refuse(400, outcome);
      if (position === undefined) return yield* refuse(409, "already_issued");
      yield* reachAll(["invitations"], position);
      const row = (yield* (yield* ReadModels).get("invitations", id))?.row;
      const [issued] = row === undefined ? [] : yield* viewInvitations([row as InvitationRow]);
      return { status: 201, body: { invitation: issued ?? null }, position };
    }),
});
