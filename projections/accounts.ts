import type { UserEvent } from "../domain/user/mod.ts";
import type { Projection } from "./projection.ts";

/** One way in that a user has. */
export type AccountRow = {
  readonly id: string;
  readonly userId: string;
  readonly provider: "password";
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type AccountsEvent = Extract<
  UserEvent,
  { readonly type: "PasswordEnrolled" | "PasswordReplaced" | "UserErased" }
>;

/** Answers "how does this user sign in?". */
export const accounts: Projection<AccountRow, AccountsEvent> = {
  name: "accounts",
  version: 1,
  ledger: "identity",
  handles: ["PasswordEnrolled", "PasswordReplaced", "UserErased"],
  keys: (event) => (event.type === "UserErased" ? event.accounts : [event.accountId]),
  evolve: (row, event, key) => {
    switch (event.type) {
      case "PasswordEnrolled":
        return {
          id: key,
          userId: event.subject,
          provider: "password",
          createdAt: event.at,
          updatedAt: event.at,
        };
      case "PasswordReplaced":
        return row && { ...row, updatedAt: event.at };
      case "UserErased":
        return undefined;
      default:
        event satisfies never;
        return row;
    }
  },
  index: (row) => ({ sort: row.createdAt, tags: [`user:${row.userId}`] }),
};
