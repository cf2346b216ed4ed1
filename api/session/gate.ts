import * as Effect from "effect/Effect";
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

export function hasAnyRole(caller: Caller, roles: ReadonlyArray<GateRole>): boolean {
  const held = effectiveRoles(caller.user);
  return roles.some((role) => held.includes(role));
}

/** The caller, when the gate lets them through. */
export function passGate(gate: Gate, caller: Caller | undefined): Effect.Effect<Caller, Problem> {
  if (caller === undefined) return refuse(401, "unauthenticated");
  if (gate === "session" || hasAnyRole(caller, gate)) return Effect.succeed(caller);
  return refuse(403, "forbidden", { requires: gate[0] });
}
