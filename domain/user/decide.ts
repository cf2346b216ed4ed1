import type { Decision } from "../decider.ts";
import type { Sealed } from "../sealed.ts";
import { sameReference } from "../vault-reference.ts";
import type { PasswordAccount, UserCommand, UserOutcome } from "./command.ts";
import { decideRoles } from "./decide-roles.ts";
import { decideStanding } from "./decide-standing.ts";
import type { ProfileChanges, UserEvent } from "./events.ts";
import type { User } from "./evolve.ts";

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
  if (state.status === "erased") return answer("erased");
  if (command.type === "SignUp") return signUp(command, state);
  if (command.type === "AdmitGuest") return admit(state);
  if (!state.exists) return answer("unknown_user");
  switch (command.type) {
    case "PromoteGuest":
      return promote(command, state);
    case "EnrollPassword":
      return enroll(command, state);
    case "ReplacePassword":
      return replace(command, state);
    case "ReviseProfile":
      return revise(command, state);
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

function signUp(command: Of<"SignUp">, state: User): Decided {
  if (state.exists) return answer(isRepeated(command, state) ? "signed_up" : "already_exists");
  const { email, name, accountId, password } = command;
  return {
    events: [
      { type: "UserSignedUp", email, ...(name && { name }), roles: ["user"] },
      { type: "PasswordEnrolled", accountId, password },
    ],
    outcome: "signed_up",
  };
}

function admit(state: User): Decided {
  if (state.exists) return answer(state.guest ? "admitted" : "already_exists");
  return { events: [{ type: "GuestAdmitted" }], outcome: "admitted" };
}

function promote(command: Of<"PromoteGuest">, state: User): Decided {
  if (!state.guest) return answer(isRepeated(command, state) ? "promoted" : "not_a_guest");
  const { email, name, accountId, password, session } = command;
  return {
    events: [
      {
        type: "GuestPromoted",
        email,
        ...(name && { name }),
        method: "password",
        ...(session !== undefined && { session }),
      },
      { type: "PasswordEnrolled", accountId, password },
    ],
    outcome: "promoted",
  };
}

function enroll({ accountId, password }: Of<"EnrollPassword">, state: User): Decided {
  if (state.guest) return answer("guest");
  if (state.password !== undefined) {
    return answer(sameReference(state.password, password) ? "enrolled" : "already_enrolled");
  }
  return { events: [{ type: "PasswordEnrolled", accountId, password }], outcome: "enrolled" };
}

function replace({ password, session }: Of<"ReplacePassword">, state: User): Decided {
  const { accountId } = state;
  if (accountId === undefined) return answer("no_password");
  if (sameReference(state.password, password)) return answer("replaced");
  const kept = session !== undefined && { session };
  return {
    events: [{ type: "PasswordReplaced", accountId, password, ...kept }],
    outcome: "replaced",
  };
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

/** The very account that is there: the command came twice. */
function isRepeated(command: PasswordAccount, state: User): boolean {
  return (
    state.accountId === command.accountId &&
    sameReference(state.password, command.password) &&
    sameSealed(state.email, command.email)
  );
}

/** The same bytes; what they hide cannot be compared here. */
function sameSealed(one: Sealed | undefined, other: Sealed): boolean {
  return (
    one?.owner === other.owner &&
    one.generation === other.generation &&
    one.nonce === other.nonce &&
    one.ct === other.ct
  );
}

/** Nothing to record: the command was refused, or had already been done. */
function answer(outcome: UserOutcome): Decided {
  return { events: [], outcome };
}
