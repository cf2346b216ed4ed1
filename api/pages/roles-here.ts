import type { Fields } from "./form-body.ts";
import type { PageOf } from "./pieces.ts";
import { may, read, type Visit } from "./visit.ts";

/** A role as the pages show it. */
export type RoleHere = {
  readonly name: string;
  readonly description: string;
  readonly groups?: ReadonlyArray<string>;
  /** Defined here, so it can be retired here. */
  readonly builtIn: boolean;
};

/** Every role that this server has. */
export async function rolesHere(visit: Visit): Promise<ReadonlyArray<RoleHere>> {
  return (await read<PageOf<RoleHere>>(visit, "GET /v1/roles")).items;
}

/** Roles that the reader may give to somebody. */
export async function grantableRoles(visit: Visit): Promise<ReadonlyArray<RoleHere>> {
  const others = may(visit, "architect") ? [] : ["admin", "auditor"];
  const never = ["guest", "architect", ...others];
  return (await rolesHere(visit)).filter(({ name }) => !never.includes(name));
}

/** The roles ticked in a form: each box is a field of its own, `role.<name>`. */
export function tickedRoles(fields: Fields): ReadonlyArray<string> {
  return Object.keys(fields)
    .filter((name) => name.startsWith("role."))
    .map((name) => name.slice("role.".length));
}
