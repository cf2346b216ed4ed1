import type { RoleGroup } from "../user/mod.ts";
import type { RoleEvent } from "./events.ts";

export type DefinedRole =
  | { readonly status: "absent" | "retired" }
  | {
      readonly status: "defined";
      readonly description: string;
      readonly groups: ReadonlyArray<RoleGroup>;
    };

export const initial: DefinedRole = { status: "absent" };

export function evolve(state: DefinedRole, event: RoleEvent): DefinedRole {
  switch (event.type) {
    case "RoleDefined":
      return { status: "defined", description: event.description, groups: event.groups };
    case "RoleRetired":
      return { status: "retired" };
    default:
      event satisfies never;
      return state;
  }
}
