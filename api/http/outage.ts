import type { Failure } from "./failure.ts";
import type { Settings } from "./settings.ts";

/** An outage refuses thousands of requests a second; a line each would fill the disk too. */
const LINE_INTERVAL_MS = 10_000;

/** Tells the operator that the store refuses writes, and when it takes them again. */
export type Outage = {
  /** A request failed; looked at for what an operator must mend. */
  readonly failed: (failure: Failure) => void;
  /** A write was answered. */
  readonly wrote: () => void;
};

/** Shape: one line when an outage is noticed, again while it lasts, and one at its end. */
export const outage = (
  log: Settings["log"],
  now: () => number = () => performance.now(),
): Outage => {
  let saidAt: number | undefined;
  let away = false;
  return {
    failed: (failure) => {
      switch (failure._tag) {
        case "ClockSkewed":
        case "LedgerUnavailable":
        case "StoreUnavailable":
          break;
        default:
          return;
      }
      away = true;
      if (saidAt !== undefined && now() - saidAt < LINE_INTERVAL_MS) return;
      saidAt = now();
      const code = "cause" in failure ? sqlstateOf(failure.cause) : undefined;
      const sqlstate = code === undefined ? {} : { sqlstate: code };
      const message = "The store refuses what is asked of it: requests are answered with 503";
      log({ level: "error", message, error: failure._tag, ...sqlstate });
    },
    wrote: () => {
      if (!away) return;
      away = false;
      log({ level: "info", message: "The store takes writes again" });
    },
  };
};

/** PostgreSQL's code of why, at whatever depth: 53100 is a full disk. */
function sqlstateOf(cause: unknown): string | undefined {
  if (typeof cause !== "object" || cause === null) return undefined;
  if ("sqlstate" in cause && typeof cause.sqlstate === "string") return cause.sqlstate;
  return "cause" in cause ? sqlstateOf(cause.cause) : undefined;
}
