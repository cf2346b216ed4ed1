import type { Decision } from "../decider.ts";
import { type Sealed, sameSealed } from "../sealed.ts";
import { isGrantable } from "../user/mod.ts";
import type { InvitationEvent } from "./events.ts";
import type { Invitation } from "./evolve.ts";

/**
 * `now` is RFC 3339 in UTC with milliseconds. `came`: whether the account of whoever accepted has
 * been made, which stands in another stream.
 */
export type InvitationCommand =
  | {
      readonly type: "IssueInvitation";
      readonly email: Sealed;
      readonly roles: ReadonlyArray<string>;
      readonly expiresAt: string;
      /** Roles that this installation has defined beside the built-in ones. */
      readonly defined?: ReadonlyArray<string>;
    }
  | { readonly type: "AcceptInvitation"; readonly userId: string; readonly now: string }
  | { readonly type: "WithdrawInvitation"; readonly came: boolean }
  | { readonly type: "LapseInvitation"; readonly came: boolean; readonly now: string };

export type InvitationOutcome =
  | "issued"
  | "accepted"
  | "withdrawn"
  | "lapsed"
  /** Its time has not come yet. */
  | "open"
  | "expired"
  | "unknown_role"
  | "unknown_invitation"
  | "already_issued"
  | "already_accepted";

type Decided = Decision<InvitationEvent, InvitationOutcome>;

/**
 * Decides the life of one invitation: accepted by one person, before it expires, unless it is
 * withdrawn. To accept is to reserve it; until they have come it can still be taken back.
 */
export function decide(command: InvitationCommand, state: Invitation): Decided {
  if (command.type === "IssueInvitation") {
    const { email, roles, expiresAt, defined } = command;
    if (!roles.every((role) => role !== "guest" && isGrantable(role, defined))) {
      return answer("unknown_role");
    }
    if (state.status === "open") {
      return answer(sameSealed(state.email, email) ? "issued" : "already_issued");
    }
    if (state.status !== "absent") return answer("already_issued");
    return { events: [{ type: "InvitationIssued", email, roles, expiresAt }], outcome: "issued" };
  }
  switch (state.status) {
    case "absent":
      return answer("unknown_invitation");
    case "accepted": {
      if (command.type === "AcceptInvitation") {
        return answer(command.userId === state.userId ? "accepted" : "already_accepted");
      }
      return command.came ? answer("already_accepted") : end(command, state.expiresAt);
    }
    case "withdrawn":
    case "lapsed":
      return answer(command.type === "AcceptInvitation" ? "expired" : state.status);
    case "open":
      return decideOpen(command, state.expiresAt);
    default:
      return state satisfies never;
  }
}

function decideOpen(
  command: Exclude<InvitationCommand, { readonly type: "IssueInvitation" }>,
  expiresAt: string,
): Decided {
  switch (command.type) {
    case "AcceptInvitation": {
      if (expiresAt <= command.now) return answer("expired");
      const { userId } = command;
      return { events: [{ type: "InvitationAccepted", userId }], outcome: "accepted" };
    }
    case "WithdrawInvitation":
    case "LapseInvitation":
      return end(command, expiresAt);
    default:
      return command satisfies never;
  }
}

type Ending = Extract<
  InvitationCommand,
  { readonly type: "WithdrawInvitation" | "LapseInvitation" }
>;

function end(command: Ending, expiresAt: string): Decided {
  if (command.type === "WithdrawInvitation") {
    return { events: [{ type: "InvitationWithdrawn" }], outcome: "withdrawn" };
  }
  if (command.now < expiresAt) return answer("open");
  return { events: [{ type: "InvitationLapsed" }], outcome: "lapsed" };
}

/** Nothing to record: the command was refused, or had already been done. */
function answer(outcome: InvitationOutcome): Decided {
  return { events: [], outcome };
}
