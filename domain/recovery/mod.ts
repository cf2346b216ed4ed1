import type { Decider } from "../decider.ts";
import type { RecoveryEvent } from "./events.ts";

export type RecoveryCommand = {
  readonly type: "IssueArchitectLink";
  readonly userId: string;
  readonly expiresAt: string;
};
export type RecoveryOutcome = "issued";
export type { RecoveryEvent };

/** Each link is a fact by itself, so the append expects `any` and nothing is folded. */
export const recovery: Decider<null, RecoveryCommand, RecoveryEvent, RecoveryOutcome> = {
  category: "recovery",
  initial: null,
  evolve: (state) => state,
  decide: ({ userId, expiresAt }) => ({
    events: [{ type: "ArchitectLinkIssued", userId, expiresAt }],
    outcome: "issued",
  }),
};
