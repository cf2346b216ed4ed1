/**
 * Facts about who was shown what is personal to somebody else, in the stream of that person.
 * Stored in the activity ledger: never rename or re-mean, only add.
 */
export type DisclosureEvent = {
  readonly type: "PersonalDataOpened";
  readonly userId: string;
  /** `export`: everything that there is about them; `events`: some of their history. */
  readonly what: "export" | "events";
};
