import { createHash, timingSafeEqual } from "node:crypto";
import type { Keyring } from "../ports/keyring.ts";
import type { Issuing, TokenPurpose } from "../ports/one-time-tokens.ts";

/** 32 bytes in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * The token of what it is issued for: HMAC-SHA-256 under the artefact key over purpose, event and
 * all that the row says, so that an edited row fits no token.
 */
export function deriveToken(
  keyring: Keyring["Service"],
  purpose: TokenPurpose,
  { eventId, ledger, position, subject, expiresAt }: Issuing,
): string {
  const value = JSON.stringify([eventId, ledger, position, subject, expiresAt]);
  return Buffer.from(keyring.artefact(`one-time-token/${purpose}`, value)).toString("base64url");
}

/** What is kept of a token, lower-case hex: it is random to who has no key, so plain SHA-256. */
export function tokenDigest(token: string): string {
  return createHash("sha256").update(token, "utf8").digest("hex");
}

/** Whether it could be a token at all. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Whether the token is the one that these values derive. */
export function isTokenOf(
  keyring: Keyring["Service"],
  purpose: TokenPurpose,
  { token, issued }: { readonly token: string; readonly issued: Issuing },
): boolean {
  const derived = Buffer.from(deriveToken(keyring, purpose, issued), "utf8");
  const given = Buffer.from(token, "utf8");
  return derived.length === given.length && timingSafeEqual(derived, given);
}
