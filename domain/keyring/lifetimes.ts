const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a standby is published before it signs: far longer than anybody caches a JWKS. */
export const KEY_LEAD_MS = 24 * HOUR_MS;
/** How long a key signs. */
export const KEY_ACTIVE_MS = 30 * DAY_MS;
/** How long a key that signs no more stays in the JWKS: no token of ours lives longer. */
export const KEY_RETAINED_MS = 60 * DAY_MS;
