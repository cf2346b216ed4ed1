import { z } from "zod";
import type { InvitationEvent } from "../../domain/invitation/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { personal, structural, time, uuid } from "./field.ts";
import * as sample from "./samples.ts";

/** Roles of one invitation at most, as of one user. */
const ROLES_MAX = 100;

/** Invitations to sign up. */
export const invitationCodec = eventCodec<InvitationEvent>(
  { category: "invitation", ledger: "identity" },
  {
    InvitationIssued: {
      data: z.strictObject({
        email: personal("invitation.email", "invitation"),
        roles: z.array(structural(/^[a-z][a-z0-9_]{0,63}$/)).max(ROLES_MAX),
        expiresAt: time,
      }),
      sample: { email: sample.invited, roles: ["buyer"], expiresAt: sample.time },
    },
    InvitationAccepted: {
      data: z.strictObject({ userId: uuid }),
      sample: { userId: sample.userId },
    },
    InvitationWithdrawn: { data: z.strictObject({}), sample: {} },
    InvitationLapsed: { data: z.strictObject({}), sample: {} },
  },
);
