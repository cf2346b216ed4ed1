import type { SessionRow } from "../../projections/sessions.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Unused for this long, a session is over; each use begins it anew. */
export const SESSION_IDLE_MS = 30 * DAY_MS;
/** However often it is used, a person signs in again after this. */
export const SESSION_LIFETIME_MS = 90 * DAY_MS;
/** In another's name nobody acts for longer; it does not slide. */
export const IMPERSONATION_MS = 60 * 60 * 1000;

/**
 * When a session ends unless it is used before, in milliseconds since 1970: `SESSION_IDLE_MS` after
 * it was last seen, but never past its cap.
 */
export function idleEndMs(
  { startedAt, expiresAt, impersonator }: SessionRow,
  lastSeenMs = 0,
): number {
  const capMs = Date.parse(expiresAt);
  if (impersonator !== undefined) return capMs;
  return Math.min(capMs, Math.max(Date.parse(startedAt), lastSeenMs) + SESSION_IDLE_MS);
}
