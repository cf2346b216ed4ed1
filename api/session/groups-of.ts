import * as Effect from "effect/Effect";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { ROLES, type RoleName } from "../../domain/user/mod.ts";
import type { RoleDefinitionRow } from "../../projections/role-definitions.ts";

/** Every group that one of the roles is in: built-in roles, and those of the installation. */
export const groupsOf = (roles: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const groups = new Set<string>();
    const own: Array<string> = [];
    for (const role of roles) {
      if (!Object.hasOwn(ROLES, role)) own.push(role);
      else for (const group of ROLES[role as RoleName].groups) groups.add(group);
    }
    if (own.length > 0) {
      for (const { row } of yield* (yield* ReadModels).many("role_definitions", own)) {
        for (const group of (row as RoleDefinitionRow).groups) groups.add(group);
      }
    }
    return groups;
  });
