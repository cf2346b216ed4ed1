import type { Decision } from "../decider.ts";
import { sameSealed } from "../sealed.ts";
import type { UserCommand, UserOutcome } from "./command.ts";
import { decideBeginning } from "./decide-beginning.ts";
import { decideGuest } from "./decide-guest.ts";
import { decideRoles } from "./decide-roles.ts";
import { decideStanding } from "./decide-standing.ts";
import { decideWayIn } from "./decide-way-in.ts";
import type { ProfileChanges, UserEvent } from "./events.ts";
import type { Profile, User } from "./evolve.ts";

type Decided = Decision<UserEvent, UserOutcome>;
type Of<Type extends UserCommand["type"]> = Extract<UserCommand, { readonly type: Type }>;

/**
 * Decides the life of one person or guest.
 *
 * Invariants: an identity that exists and is not erased has at least one role, after every single
 * event; guest is its role if and only if it is a guest; nothing follows an erasure. A block does
 * not refuse facts about the blocked: who may act is decided where there is a clock.
 */
export function decide(command: UserCommand, state: User): Decided {
  if (state.status === "erased") return answer(ended(command, state));
  switch (command.type) {
    case "SignUp":
    case "CreateUser":
    case "AdmitGuest":
      return decideBeginning(command, state);
    default:
      return state.exists ? decideExisting(command, state) : answer("unknown_user");
  }
}

type OnExisting = Exclude<UserCommand, { readonly type: "SignUp" | "CreateUser" | "AdmitGuest" }>;

function decideExisting(command: OnExisting, state: User): Decided {
  switch (command.type) {
    case "PromoteGuest":
    case "LeaveAsGuest":
    case "EvictGuest":
    case "MergeGuest":
      return decideGuest(command, state);
    case "VerifyEmail":
    case "ReplaceEmail":
    case "ChooseUsername":
    case "EnrollPassword":
    case "ReplacePassword":
    case "RehashPassword":
    case "LinkProvider":
    case "UnlinkProvider":
      return decideWayIn(command, state);
    case "ReviseProfile":
      return revise(command, state);
    case "FillProfile":
      return fill(command.values, state);
    case "GrantRole":
    case "RevokeRole":
    case "PutRoles":
      return decideRoles(command, state);
    case "Block":
    case "Unblock":
    case "Erase":
      return decideStanding(command, state);
    default:
      return command satisfies never;
  }
}

/** What an identity that is gone answers: its end again, or that it is gone. */
function ended(command: UserCommand, state: User): UserOutcome {
  const repeated =
    (command.type === "LeaveAsGuest" && state.ended === "left") ||
    (command.type === "EvictGuest" && state.ended === "evicted") ||
    (command.type === "MergeGuest" && state.mergedInto === command.into);
  return repeated && state.ended !== undefined ? state.ended : "erased";
}

function revise({ changes, by, target }: Of<"ReviseProfile">, state: User): Decided {
  if (target.architect && by.rank !== "architect") return answer("architects_only");
  const differing: ProfileChanges = Object.fromEntries(
    Object.entries(changes).filter(([field, value]) => {
      const held = state[field as keyof ProfileChanges];
      if (value === undefined) return false;
      return value === null ? held !== undefined : !sameSealed(held, value);
    }),
  );
  if (Object.keys(differing).length === 0) return answer("revised");
  return { events: [{ type: "ProfileRevised", ...differing }], outcome: "revised" };
}

function fill(values: Profile, state: User): Decided {
  const empty: ProfileChanges = Object.fromEntries(
    Object.entries(values).filter(([field]) => state[field as keyof Profile] === undefined),
  );
  if (Object.keys(empty).length === 0) return answer("revised");
  return { events: [{ type: "ProfileRevised", ...empty }], outcome: "revised" };
}

/** Nothing to record: the command was refused, or had already been done. */
function answer(outcome: UserOutcome): Decided {
  return { events: [], outcome };
}
