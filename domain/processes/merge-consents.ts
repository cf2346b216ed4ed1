import type { UserEvent } from "../user/mod.ts";
import type { Process } from "./process.ts";

/** Let the account have every consent of the guest, and the guest none. */
export type MoveConsents = {
  readonly type: "MoveConsents";
  readonly guest: string;
  readonly into: string;
};

type Merged = Extract<UserEvent, { readonly type: "IdentityMerged" }>;

/** Whom a guest let in is let in by the account that the guest turned out to have. */
export const mergeConsents: Process<Merged, MoveConsents> = {
  name: "merge-consents",
  ledger: "identity",
  handles: ["IdentityMerged"],
  react: ({ subject: guest, into }) => [{ type: "MoveConsents", guest, into }],
};
