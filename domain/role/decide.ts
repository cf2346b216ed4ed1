import type { Decision } from "../decider.ts";
import { ROLES, type RoleGroup } from "../user/mod.ts";
import type { RoleEvent } from "./events.ts";
import type { DefinedRole } from "./evolve.ts";

export type RoleCommand =
  | {
      readonly type: "DefineRole";
      /** The stream's own id. */
      readonly name: string;
      readonly description: string;
      readonly groups: ReadonlyArray<RoleGroup>;
    }
  | { readonly type: "RetireRole" };

export type RoleOutcome =
  | "defined"
  | "retired"
  | "unknown_role"
  /** Defined already, and otherwise. */
  | "already_defined"
  /** Every installation has it; it is not defined and not retired. */
  | "built_in"
  | "invalid_name";

/** A role's name: what fits a tag, a header and a claim without quoting. */
export const ROLE_NAME = /^[a-z][a-z0-9_]{0,63}$/;

type Decided = Decision<RoleEvent, RoleOutcome>;

/** Decides which roles an installation has beside the built-in ones. */
export function decide(command: RoleCommand, state: DefinedRole): Decided {
  switch (command.type) {
    case "DefineRole": {
      const { name, description, groups } = command;
      if (!ROLE_NAME.test(name)) return answer("invalid_name");
      if (Object.hasOwn(ROLES, name)) return answer("built_in");
      if (state.status === "defined") {
        const same =
          state.description === description &&
          state.groups.length === groups.length &&
          state.groups.every((group) => groups.includes(group));
        return answer(same ? "defined" : "already_defined");
      }
      return { events: [{ type: "RoleDefined", description, groups }], outcome: "defined" };
    }
    case "RetireRole":
      if (state.status === "absent") return answer("unknown_role");
      if (state.status === "retired") return answer("retired");
      return { events: [{ type: "RoleRetired" }], outcome: "retired" };
    default:
      return command satisfies never;
  }
}

/** Nothing to record: the command was refused, or had already been done. */
function answer(outcome: RoleOutcome): Decided {
  return { events: [], outcome };
}
