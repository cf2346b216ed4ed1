import type { Decision } from "../decider.ts";
import { sameSealed } from "../sealed.ts";
import { sameReference } from "../vault-reference.ts";
import type { BeginningCommand, Enrolment, UserOutcome } from "./command.ts";
import type { UserEvent } from "./events.ts";
import type { User } from "./evolve.ts";
import { ARCHITECTS_ONLY, isGrantable } from "./roles.ts";

type Decided = Decision<UserEvent, UserOutcome>;
type Of<Type extends BeginningCommand["type"]> = Extract<BeginningCommand, { readonly type: Type }>;

/** Decides how an identity comes to be; the same beginning twice is one. */
export function decideBeginning(command: BeginningCommand, state: User): Decided {
  switch (command.type) {
    case "SignUp":
      return signUp(command, state);
    case "CreateUser":
      return create(command, state);
    case "AdmitGuest":
      if (state.exists) return answer(state.guest ? "admitted" : "already_exists");
      return { events: [{ type: "GuestAdmitted" }], outcome: "admitted" };
    default:
      return command satisfies never;
  }
}

function signUp(command: Of<"SignUp">, state: User): Decided {
  if (state.exists) return answer(isEnrolled(command, state) ? "signed_up" : "already_exists");
  const { email, name, roles = [] } = command;
  const held = [...new Set(["user", ...roles])];
  return {
    events: [
      { type: "UserSignedUp", ...(email && { email }), ...(name && { name }), roles: held },
      ...enrolled(command),
    ],
    outcome: "signed_up",
  };
}

function create(command: Of<"CreateUser">, state: User): Decided {
  const { type: _, by, defined = [], ...told } = command;
  if (told.roles.includes("architect")) return answer("use_architects");
  if (told.roles.includes("guest")) return answer("not_a_guest");
  if (!told.roles.every((role) => isGrantable(role, defined))) return answer("unknown_role");
  if (told.roles.length === 0) return answer("last_role");
  if (by.rank !== "architect" && told.roles.some((role) => ARCHITECTS_ONLY.has(role))) {
    return answer("architects_only");
  }
  if (state.exists) {
    const same = sameSealed(state.email, told.email) && sameSealed(state.username, told.username);
    return answer(same ? "created" : "already_exists");
  }
  return {
    events: [{ type: "UserCreated", ...told, roles: [...new Set(told.roles)] }],
    outcome: "created",
  };
}

/** What a door brings beside the identity itself, and in which session of theirs, if in one. */
export function enrolled(
  { credential, account, verified }: Enrolment,
  session?: string,
): ReadonlyArray<UserEvent> {
  const from = session === undefined ? {} : { session };
  return [
    ...(credential === undefined
      ? []
      : [{ type: "PasswordEnrolled", ...credential, ...from } as const]),
    ...(account === undefined ? [] : [{ type: "ProviderLinked", ...account } as const]),
    ...(verified === true ? [{ type: "EmailVerified" } as const] : []),
  ];
}

/** The very account that is there: the command came twice. */
export function isEnrolled({ email, credential, account }: Enrolment, state: User): boolean {
  return (
    (account === undefined ||
      state.linked.some(({ accountId }) => accountId === account.accountId)) &&
    state.accountId === credential?.accountId &&
    (credential === undefined || sameReference(state.password, credential.password)) &&
    sameSealed(state.email, email)
  );
}

/** Nothing to record: the command was refused, or had already been done. */
function answer(outcome: UserOutcome): Decided {
  return { events: [], outcome };
}
