import * as Effect from "effect/Effect";
import type { ApiScope } from "../../domain/client/mod.ts";
import { effectiveRoles } from "../../projections/users.ts";
import { type Problem, refuse } from "../http/problem.ts";
import type { Caller } from "./caller.ts";

/** Roles that open doors of the API until the platform's own permission model does. */
export type GateRole = "architect" | "admin" | "auditor";

/** Any session, or any of these roles; the first is the one a refusal names. */
export type Gate = "session" | readonly [GateRole, ...ReadonlyArray<GateRole>];

/** Users, sessions, clients: architects and admins. */
export const ADMIN: Gate = ["admin", "architect"];
/** Reading users also from the past: auditors too. */
export const USER_READER: Gate = ["admin", "architect", "auditor"];
/** The ledger and every history. */
export const AUDITOR: Gate = ["auditor", "architect"];
/** Signing keys: whoever keeps them, and whoever checks on it. */
export const KEY_READER: Gate = ["architect", "auditor"];
export const ARCHITECT: Gate = ["architect"];

/** Whether a person asks who has one of the roles; a machine has none. */
export function hasAnyRole(caller: Caller, roles: ReadonlyArray<GateRole>): boolean {
  const held = effectiveRoles(caller.user);
  return roles.some((role) => held.includes(role));
}

/** What stands between a route and who asks. */
export type Gated = { readonly auth: Gate; readonly scope?: ApiScope | "any" };

/**
 * The caller, when the gate lets them through. A token needs the route's scope, and what acts for a
 * person needs their role as well; an architect gave a machine what its scopes say.
 */
export function passGate(
  { auth, scope }: Gated,
  caller: Caller | undefined,
): Effect.Effect<Caller, Problem> {
  if (caller === undefined) return refuse(401, "unauthenticated");
  const { token } = caller;
  if (token !== undefined) {
    // Only routes with a scope look for a token at all.
    if (scope === undefined) return refuse(401, "unauthenticated");
    // An application that was given none of our API's scopes is let in nowhere in somebody's name.
    const isScoped = scope === "any" ? token.scopes.size > 0 : token.scopes.has(scope);
    if (!isScoped) return refuse(403, "insufficient_scope", { requires: scope });
    if (token.isMachine) return Effect.succeed(caller);
  }
  if (auth === "session" || hasAnyRole(caller, auth)) return Effect.succeed(caller);
  return refuse(403, "forbidden", { requires: auth[0] });
}

/** Whether the caller reads what is personal of everybody: administrators, and machines. */
export function opensPeople(caller: Caller): boolean {
  return caller.token?.isMachine === true || hasAnyRole(caller, ["admin", "architect"]);
}
