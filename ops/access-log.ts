import type { Access } from "../api/http/settings.ts";
import type { Log } from "./log.ts";

/** A person notices; what waits on purpose (`at_least`) waits up to 5 s. */
const SLOW_MS = 1_000;

/**
 * A line a request: what failed and what was slow as a warning, the others for who debugs. A busy
 * server would write gigabytes of them, and `/metrics` counts them all.
 */
export const accessLog =
  (log: Log) =>
  ({ durationMs, ...access }: Access): void => {
    const fields = { ...access, durationMs: Math.round(durationMs) };
    if (access.status >= 500) log.warn("Answered with an error of ours", fields);
    else if (durationMs >= SLOW_MS) log.warn("Answered slowly", fields);
    else log.debug("Answered", fields);
  };
