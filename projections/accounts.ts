import type { Sealed } from "../domain/sealed.ts";
import type { UserEvent } from "../domain/user/mod.ts";
import type { Projection, Recorded } from "./projection.ts";

/** One way in that a user has: a password, or who they are at a provider. */
export type AccountRow = {
  readonly id: string;
  readonly userId: string;
  /** `password`, or the id of a provider. */
  readonly provider: string;
  /** Who they are at the provider. */
  readonly providerSubject?: Sealed;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type AccountsEvent = Extract<
  UserEvent,
  {
    readonly type:
      | "PasswordEnrolled"
      | "PasswordReplaced"
      | "PasswordRemoved"
      | "PasswordRehashed"
      | "ProviderLinked"
      | "ProviderUnlinked"
      | "UserErased";
  }
>;

/** Answers "how does this user sign in?". */
export const accounts: Projection<AccountRow, AccountsEvent> = {
  name: "accounts",
  version: 1,
  ledger: "identity",
  handles: [
    "PasswordEnrolled",
    "PasswordReplaced",
    "PasswordRemoved",
    "PasswordRehashed",
    "ProviderLinked",
    "ProviderUnlinked",
    "UserErased",
  ],
  keys: (event) => (event.type === "UserErased" ? event.accounts : [event.accountId]),
  evolve: (row, event, key) => {
    switch (event.type) {
      case "PasswordEnrolled":
        return { ...begun(event, key), provider: "password" };
      case "ProviderLinked": {
        const { provider, providerSubject } = event;
        return { ...begun(event, key), provider, providerSubject };
      }
      case "PasswordReplaced":
      case "PasswordRehashed":
        return row && { ...row, updatedAt: event.at };
      case "PasswordRemoved":
      case "ProviderUnlinked":
      case "UserErased":
        return undefined;
      default:
        event satisfies never;
        return row;
    }
  },
  index: (row) => ({ sort: row.createdAt, tags: [`user:${row.userId}`] }),
};

function begun({ subject: userId, at }: Recorded<AccountsEvent>, id: string) {
  return { id, userId, createdAt: at, updatedAt: at };
}
