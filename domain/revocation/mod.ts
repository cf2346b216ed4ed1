import type { Decider } from "../decider.ts";
import type { RevocationEvent } from "./events.ts";

export type RevocationCommand = {
  readonly type: "RevokeSessions";
  readonly except?: string;
};
export type RevocationOutcome = "revoked";
export type { RevocationEvent };

/** The stream for everybody; those of single people are named by user id. */
export const EVERYBODY = "all";

/**
 * Sessions that began before the fact are over, however many they are. Each decision stands by
 * itself, so the append expects `any` and nothing is folded.
 */
export const revocation: Decider<null, RevocationCommand, RevocationEvent, RevocationOutcome> = {
  category: "revocation",
  initial: null,
  evolve: (state) => state,
  decide: ({ except }) => ({
    events: [{ type: "SessionsRevoked", ...(except === undefined ? {} : { except }) }],
    outcome: "revoked",
  }),
};
