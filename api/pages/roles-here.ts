import { ROLES } from "../../domain/user/mod.ts";
import { hasRoute } from "./ask.ts";
import type { PageOf } from "./pieces.ts";
import { read, type Visit } from "./visit.ts";

/** A role as the pages show it. */
export type RoleHere = {
  readonly name: string;
  readonly description: string;
  readonly groups?: ReadonlyArray<string>;
  /** Defined here, so it can be retired here. */
  readonly builtIn?: boolean;
  readonly retired?: boolean;
};

/** Every role that this server has. */
export async function rolesHere(visit: Visit): Promise<ReadonlyArray<RoleHere>> {
  if (hasRoute("GET /v1/roles")) {
    return (await read<PageOf<RoleHere>>(visit, "GET /v1/roles")).items;
  }
  return Object.entries(ROLES).map(([name, { description, groups }]) => ({
    name,
    description,
    groups,
    builtIn: true,
  }));
}
