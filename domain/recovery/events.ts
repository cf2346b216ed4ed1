/**
 * Facts about ways in that an operator opened on the host, in the stream of the person. Stored in
 * the activity ledger: never rename or re-mean, only add.
 */
export type RecoveryEvent = {
  /** Whoever holds the link becomes the person's session and an architect. */
  readonly type: "ArchitectLinkIssued";
  readonly userId: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly expiresAt: string;
};
