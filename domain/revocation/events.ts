/**
 * Facts about the sessions of one person, or of everybody: one fact however many sessions there
 * are. Stored in the activity ledger: never rename or re-mean, only add.
 */
export type RevocationEvent = {
  readonly type: "SessionsRevoked";
  /** The session that stays. */
  readonly except?: string;
};
