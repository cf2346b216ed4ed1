import type { Decider } from "../decider.ts";
import { decide, type InvitationCommand, type InvitationOutcome } from "./decide.ts";
import type { InvitationEvent } from "./events.ts";
import { evolve, type Invitation, initial } from "./evolve.ts";

export type { Invitation, InvitationCommand, InvitationEvent, InvitationOutcome };

/** One invitation to sign up, in the stream of its id. */
export const invitation: Decider<
  Invitation,
  InvitationCommand,
  InvitationEvent,
  InvitationOutcome
> = { category: "invitation", initial, evolve, decide };
