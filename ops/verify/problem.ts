import type { LedgerName } from "../../domain/ledger/entry.ts";

/** One thing that is not as the program left it. */
export type Problem = {
  readonly ledger: LedgerName;
  /** Where it shows; of a row, the position it stands at. */
  readonly position: number;
  /** Never personal. */
  readonly problem: string;
};
