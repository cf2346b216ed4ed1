import type { Decision } from "../decider.ts";
import type { RolesCommand, UserOutcome } from "./command.ts";
import type { UserEvent } from "./events.ts";
import type { User } from "./evolve.ts";
import { ARCHITECTS_ONLY, isGrantable } from "./roles.ts";

type Decided = Decision<UserEvent, UserOutcome>;

const DONE = { GrantRole: "granted", RevokeRole: "revoked", PutRoles: "roles_put" } as const;

/**
 * Decides which roles an identity holds, as the difference between what it holds and what it is
 * to hold. Grants come before revocations, so that no prefix of the events leaves it without one.
 */
export function decideRoles(command: RolesCommand, state: User): Decided {
  const wanted = rolesAfter(command, state.roles);
  const granted = [...wanted].filter((role) => !state.roles.includes(role));
  const revoked = state.roles.filter((role) => !wanted.has(role));
  const refusal = refusalOf(command, state, { granted, revoked });
  if (refusal !== undefined) return { events: [], outcome: refusal };
  if (wanted.size === 0) return { events: [], outcome: "last_role" };
  return {
    events: [
      ...granted.map((role) => ({ type: "RoleGranted", role }) as const),
      ...revoked.map((role) => ({ type: "RoleRevoked", role }) as const),
    ],
    outcome: DONE[command.type],
  };
}

function rolesAfter(command: RolesCommand, held: ReadonlyArray<string>): ReadonlySet<string> {
  switch (command.type) {
    case "GrantRole":
      return new Set([...held, command.role]);
    case "RevokeRole":
      return new Set(held.filter((role) => role !== command.role));
    case "PutRoles":
      return new Set(command.roles);
    default:
      return command satisfies never;
  }
}

/** Why not, if so: first what is wrong with the request, then who asks, then what it would do. */
function refusalOf(
  command: RolesCommand,
  { guest, roles: held }: User,
  { granted, revoked }: { readonly [move in "granted" | "revoked"]: ReadonlyArray<string> },
): UserOutcome | undefined {
  const { by, target, defined } = command;
  const named = command.type === "PutRoles" ? command.roles : [command.role];
  const differing = [...granted, ...revoked];
  if (named.includes("architect")) return "use_architects";
  // A role that was retired is still taken back, and kept by who holds it.
  const unknown = named.filter((role) => !isGrantable(role, defined));
  if (unknown.some((role) => !revoked.includes(role) && !held.includes(role)))
    return "unknown_role";
  if (by.id === target.id) return "own_roles";
  if (by.rank !== "architect") {
    if (target.architect || differing.some((role) => ARCHITECTS_ONLY.has(role))) {
      return "architects_only";
    }
  }
  if (guest && (differing.includes("guest") || differing.includes("user"))) return "guest";
  if (!guest && differing.includes("guest")) return "not_a_guest";
  return undefined;
}
