import type { Decider } from "../decider.ts";
import { decide, type LedgerCommand, type LedgerOutcome } from "./decide.ts";
import type { LedgerEvent } from "./events.ts";
import { evolve, type Founding, initial, type LedgerState } from "./evolve.ts";

export type { Founding, LedgerCommand, LedgerEvent, LedgerOutcome, LedgerState };

/** The id of the one `ledger` stream: it tells about both ledgers of this installation. */
export const LEDGER_STREAM_ID = "identity";

/** This installation. */
export const ledger: Decider<LedgerState, LedgerCommand, LedgerEvent, LedgerOutcome> = {
  category: "ledger",
  initial,
  evolve,
  decide,
};
