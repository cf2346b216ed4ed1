import type { Decider } from "../decider.ts";
import { decide, ROLE_NAME, type RoleCommand, type RoleOutcome } from "./decide.ts";
import type { RoleEvent } from "./events.ts";
import { type DefinedRole, evolve, initial } from "./evolve.ts";

export type { DefinedRole, RoleCommand, RoleEvent, RoleOutcome };
export { ROLE_NAME };

/** One role of an installation's own, in the stream of its name. */
export const role: Decider<DefinedRole, RoleCommand, RoleEvent, RoleOutcome> = {
  category: "role",
  initial,
  evolve,
  decide,
};
