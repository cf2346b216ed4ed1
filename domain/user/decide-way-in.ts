import type { Decision } from "../decider.ts";
import { sameSealed } from "../sealed.ts";
import { sameReference } from "../vault-reference.ts";
import type { UserOutcome, WayInCommand } from "./command.ts";
import type { UserEvent } from "./events.ts";
import type { User } from "./evolve.ts";

type Decided = Decision<UserEvent, UserOutcome>;
type Of<Type extends WayInCommand["type"]> = Extract<WayInCommand, { readonly type: Type }>;

/** Decides by what a person is known and what lets them in. */
export function decideWayIn(command: WayInCommand, state: User): Decided {
  if (state.guest && command.type !== "LinkProvider") return answer("guest");
  switch (command.type) {
    case "VerifyEmail":
      return verify(command, state);
    case "ReplaceEmail": {
      const { email, session } = command;
      const previous = state.email;
      if (sameSealed(previous, email)) return answer("email_replaced");
      return {
        events: [{ type: "EmailReplaced", email, ...(previous && { previous }), ...from(session) }],
        outcome: "email_replaced",
      };
    }
    case "ChooseUsername": {
      const { username, session } = command;
      if (sameSealed(state.username, username)) return answer("username_chosen");
      return {
        events: [{ type: "UsernameChosen", username, ...from(session) }],
        outcome: "username_chosen",
      };
    }
    case "EnrollPassword": {
      const { accountId, password, session } = command;
      if (state.password !== undefined) {
        return answer(sameReference(state.password, password) ? "enrolled" : "already_enrolled");
      }
      return {
        events: [{ type: "PasswordEnrolled", accountId, password, ...from(session) }],
        outcome: "enrolled",
      };
    }
    case "ReplacePassword":
      return replace(command, state);
    case "RehashPassword": {
      const { accountId } = state;
      const { proved, password } = command;
      if (accountId === undefined) return answer("no_password");
      if (sameReference(state.password, password)) return answer("rehashed");
      if (!sameReference(state.password, proved)) return answer("password_moved");
      return { events: [{ type: "PasswordRehashed", accountId, password }], outcome: "rehashed" };
    }
    case "LinkProvider": {
      const { type: _, ...account } = command;
      if (state.linked.includes(account.accountId)) return answer("linked");
      return { events: [{ type: "ProviderLinked", ...account }], outcome: "linked" };
    }
    default:
      return command satisfies never;
  }
}

/**
 * The first proof of an address that comes without the password removes it: whoever registered
 * somebody else's address does not stay in.
 */
function verify({ email, removePassword, session }: Of<"VerifyEmail">, state: User): Decided {
  if (!sameSealed(state.email, email)) return answer("email_moved");
  if (state.emailVerified) return answer("verified");
  const { accountId } = state;
  const unproved = removePassword && accountId !== undefined;
  return {
    events: [
      { type: "EmailVerified" },
      ...(unproved ? [{ type: "PasswordRemoved", accountId, ...from(session) } as const] : []),
    ],
    outcome: "verified",
  };
}

function replace({ password, proved, session }: Of<"ReplacePassword">, state: User): Decided {
  const { accountId } = state;
  if (accountId === undefined) return answer("no_password");
  if (sameReference(state.password, password)) return answer("replaced");
  if (proved !== undefined && !sameReference(state.password, proved)) {
    return answer("password_moved");
  }
  return {
    events: [{ type: "PasswordReplaced", accountId, password, ...from(session) }],
    outcome: "replaced",
  };
}

function from(session: string | undefined) {
  return session === undefined ? {} : { session };
}

/** Nothing to record: the command was refused, or had already been done. */
function answer(outcome: UserOutcome): Decided {
  return { events: [], outcome };
}
