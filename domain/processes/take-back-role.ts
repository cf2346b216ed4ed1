import type { RoleEvent } from "../role/mod.ts";
import type { Process } from "./process.ts";

/** Take a role back from everybody who holds it. */
export type TakeBackRole = { readonly type: "TakeBackRole"; readonly role: string };

type Retired = Extract<RoleEvent, { readonly type: "RoleRetired" }>;

/** A role that is no more is held by nobody. */
export const takeBackRole: Process<Retired, TakeBackRole> = {
  name: "take-back-role",
  ledger: "identity",
  handles: ["RoleRetired"],
  react: ({ subject }) => [{ type: "TakeBackRole", role: subject }],
};
