import type { Decision } from "../decider.ts";
import { sameSealed } from "../sealed.ts";
import { sameReference } from "../vault-reference.ts";
import type { UserOutcome, WayInCommand } from "./command.ts";
import type { UserEvent } from "./events.ts";
import type { Linked, User } from "./evolve.ts";

type Decided = Decision<UserEvent, UserOutcome>;
type Of<Type extends WayInCommand["type"]> = Extract<WayInCommand, { readonly type: Type }>;

/** Accounts at providers that one person has at most: an erasure names them all in one entry. */
const LINKED_MAX = 100;

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
      const isLinked = state.linked.some(({ accountId }) => accountId === account.accountId);
      if (isLinked) return answer("linked");
      if (state.linked.length >= LINKED_MAX) return answer("too_many_accounts");
      return { events: [{ type: "ProviderLinked", ...account }], outcome: "linked" };
    }
    case "UnlinkProvider":
      return unlink(command, state);
    default:
      return command satisfies never;
  }
}

/**
 * The first proof of an address that comes without the password removes it, and the accounts at
 * providers that were linked before: whoever registered somebody else's address does not stay in.
 */
function verify(command: Of<"VerifyEmail">, state: User): Decided {
  const { email, removePassword, unlink: going, session } = command;
  if (!sameSealed(state.email, email)) return answer("email_moved");
  if (state.emailVerified) return answer("verified");
  const { accountId } = state;
  const unproved = removePassword && accountId !== undefined;
  const gone = going === undefined ? [] : state.linked.filter(isNot(going.except));
  return {
    events: [
      { type: "EmailVerified" },
      ...(unproved ? [{ type: "PasswordRemoved", accountId, ...from(session) } as const] : []),
      ...gone.map((account) => unlinked(account, session)),
    ],
    outcome: "verified",
  };
}

/** One that is not the last way in: whoever goes out by it must be able to come back. */
function unlink(command: Of<"UnlinkProvider">, state: User): Decided {
  const { accountId, doors, seen, session } = command;
  const account = state.linked.find((one) => one.accountId === accountId);
  if (account === undefined) return answer("unknown_account");
  const isSeen = state.linked.every((one) => seen.includes(one.accountId));
  if (!isSeen || seen.length !== state.linked.length) return answer("accounts_moved");
  const { email, emailVerified, username, password } = state;
  const isKnown = email !== undefined || username !== undefined;
  const byPassword = password !== undefined && isKnown;
  const byMail = doors.mail && email !== undefined && emailVerified;
  const byOther = state.linked
    .filter(isNot(accountId))
    .some(({ provider }) => doors.providers.includes(provider));
  if (!byPassword && !byMail && !byOther) return answer("last_way_in");
  return { events: [unlinked(account, session)], outcome: "unlinked" };
}

function unlinked({ accountId, provider }: Linked, session: string | undefined) {
  return { type: "ProviderUnlinked", accountId, provider, ...from(session) } as const;
}

function isNot(id: string | undefined) {
  return ({ accountId }: Linked) => accountId !== id;
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
