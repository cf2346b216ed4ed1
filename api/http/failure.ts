import type { StaleModel } from "../../adapters/ports/in-memory-model.ts";
import type { AppendError, CursorDiverged, LedgerCorrupt } from "../../adapters/ports/ledger.ts";
import type { HashPoolBusy } from "../../adapters/ports/password-hash.ts";
import type { NotYet, Parked, PastHead } from "../../adapters/ports/read-models.ts";
import type { StoreUnavailable } from "../../adapters/ports/store-unavailable.ts";
import { Problem } from "./problem.ts";

/** Everything a handler may fail with. */
export type Failure =
  | Problem
  | AppendError
  | LedgerCorrupt
  | CursorDiverged
  | HashPoolBusy
  | NotYet
  | Parked
  | PastHead
  | StaleModel
  | StoreUnavailable;

/** What a client is told to wait when the store is away: short, for a fail-over takes seconds. */
const UNAVAILABLE_RETRY_MS = 2_000;

/** The one place where a failure of a port becomes an answer. */
export function problemOf(failure: Failure): Problem {
  switch (failure._tag) {
    case "Problem":
      return failure;
    case "RevisionConflict":
    case "ClaimTaken":
    case "OwnerDestroyed":
      return new Problem({ status: 409, code: "conflict" });
    case "EntryTooLarge":
      return new Problem({ status: 413, code: "body_too_large" });
    case "LedgerBusy":
    case "HashPoolBusy":
      return new Problem({ status: 503, code: "busy", retryAfterMs: failure.retryAfterMs });
    case "NotYet":
      return new Problem({ status: 503, code: "not_yet", retryAfterMs: UNAVAILABLE_RETRY_MS });
    case "PastHead":
      return new Problem({ status: 400, code: "past_head" });
    case "Parked":
      return new Problem({ status: 503, code: "parked" });
    case "ClockSkewed":
      return new Problem({ status: 503, code: "clock_skew" });
    case "LedgerUnavailable":
    case "StaleModel":
    case "StoreUnavailable":
      return new Problem({ status: 503, code: "unavailable", retryAfterMs: UNAVAILABLE_RETRY_MS });
    case "LedgerCorrupt":
    case "CursorDiverged":
      return new Problem({ status: 500, code: "internal" });
    default:
      return failure satisfies never;
  }
}
