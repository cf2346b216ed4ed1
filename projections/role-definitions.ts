import type { RoleEvent } from "../domain/role/mod.ts";
import type { RoleGroup } from "../domain/user/mod.ts";
import type { Projection } from "./projection.ts";

/** One role that this installation has beside the built-in ones. */
export type RoleDefinitionRow = {
  readonly name: string;
  readonly description: string;
  readonly groups: ReadonlyArray<RoleGroup>;
  readonly definedAt: string;
};

/** Answers "which roles of our own are there?". */
export const roleDefinitions: Projection<RoleDefinitionRow, RoleEvent> = {
  name: "role_definitions",
  version: 1,
  ledger: "identity",
  handles: ["RoleDefined", "RoleRetired"],
  keys: (event) => [event.subject],
  evolve: (_row, event, key) => {
    switch (event.type) {
      case "RoleDefined": {
        const { description, groups, at } = event;
        return { name: key, description, groups, definedAt: at };
      }
      case "RoleRetired":
        return undefined;
      default:
        return event satisfies never;
    }
  },
  index: (row) => ({ sort: row.name, tags: [] }),
};
