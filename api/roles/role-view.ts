import { z } from "zod";
import { ROLE_NAME } from "../../domain/role/mod.ts";
import { ROLES } from "../../domain/user/mod.ts";
import type { RoleDefinitionRow } from "../../projections/role-definitions.ts";

/** What a page or a proxy asks for when it does not ask for one role. */
export const RoleGroup = z.enum(["account", "staff", "finance", "admin"]);

export const RoleName = z.string().regex(ROLE_NAME);

/** A role that somebody may hold. */
export const RoleView = z
  .strictObject({
    name: RoleName,
    description: z.string(),
    tier: z.enum(["guest", "user", "architect"]),
    groups: z.array(RoleGroup),
    /** Every installation has it; it is not defined and not retired. */
    builtIn: z.boolean(),
  })
  .meta({ title: "Role" });
export type RoleView = z.output<typeof RoleView>;

export const builtInRoles: ReadonlyArray<RoleView> = Object.entries(ROLES).map(
  ([name, { description, tier, groups }]) => {
    return { name, description, tier, groups: [...groups], builtIn: true };
  },
);

/** A role of an installation's own: whoever holds it has an account. */
export function viewRole({
  name,
  description,
  groups,
}: Pick<RoleDefinitionRow, "name" | "description" | "groups">): RoleView {
  return { name, description, tier: "user", groups: [...groups], builtIn: false };
}
