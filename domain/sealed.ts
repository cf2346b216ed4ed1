/**
 * A personal value as the log holds it: AES-256-GCM under its owner's data key, opaque to every
 * layer but the edge. It stays in the log after an erasure; the key does not.
 *
 * Shape: `nonce` 12 bytes and `ct` ciphertext plus 16-byte tag, both base64url without padding;
 * `owner` as `OwnerId`; `generation` of the owner's key, from 1.
 * Source: domain/ledger/FORMAT.md, "Sealed value".
 */
export type Sealed = {
  readonly owner: OwnerId;
  readonly generation: number;
  readonly nonce: string;
  readonly ct: string;
};

/**
 * Whose key seals: a user or guest, or somebody who is invited, by id; or a month of request
 * origins (`origin:2026-11`).
 */
export type OwnerId = `user:${string}` | `invitation:${string}` | `origin:${string}`;

/** Recognises a sealed value inside stored data by its exact four members. */
export function isSealed(value: unknown): value is Sealed {
  if (typeof value !== "object" || value === null) return false;
  const members = Object.keys(value);
  return (
    members.length === 4 &&
    "owner" in value &&
    "generation" in value &&
    "nonce" in value &&
    "ct" in value
  );
}

/** The same bytes; what they hide cannot be compared. Absent is the same as absent. */
export function sameSealed(one: Sealed | undefined, other: Sealed | undefined): boolean {
  return (
    one?.owner === other?.owner &&
    one?.generation === other?.generation &&
    one?.nonce === other?.nonce &&
    one?.ct === other?.ct
  );
}
