import type { Decision } from "../decider.ts";
import type { Enrolment, GuestCommand, UserOutcome } from "./command.ts";
import { enrolled, isEnrolled } from "./decide-beginning.ts";
import type { PromotionMethod, UserEvent } from "./events.ts";
import type { User } from "./evolve.ts";

type Decided = Decision<UserEvent, UserOutcome>;

/** Decides what becomes of a guest: a user, somebody who was a user already, or nobody. */
export function decideGuest(command: GuestCommand, state: User): Decided {
  if (!state.guest) {
    const repeated = command.type === "PromoteGuest" && isEnrolled(command, state);
    return answer(repeated ? "promoted" : "not_a_guest");
  }
  const { roles } = state;
  switch (command.type) {
    case "PromoteGuest": {
      const { email, name, session } = command;
      const given = (command.roles ?? []).filter(
        (role) => !roles.includes(role) && role !== "user",
      );
      return {
        events: [
          {
            type: "GuestPromoted",
            ...(email && { email }),
            ...(name && { name }),
            method: methodOf(command),
            ...(session !== undefined && { session }),
          },
          ...enrolled(command, session),
          ...[...given].map((role) => ({ type: "RoleGranted", role }) as const),
        ],
        outcome: "promoted",
      };
    }
    case "LeaveAsGuest":
      return { events: [{ type: "GuestLeft", roles }], outcome: "left" };
    case "EvictGuest":
      return { events: [{ type: "GuestEvicted", roles }], outcome: "evicted" };
    case "MergeGuest":
      return {
        events: [{ type: "IdentityMerged", into: command.into, roles }],
        outcome: "merged",
      };
    default:
      return command satisfies never;
  }
}

function methodOf({ credential, account }: Enrolment): PromotionMethod {
  if (credential !== undefined) return "password";
  return account === undefined ? "magic-link" : "provider";
}

/** Nothing to record: the command was refused, or had already been done. */
function answer(outcome: UserOutcome): Decided {
  return { events: [], outcome };
}
