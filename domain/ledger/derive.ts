/** SHA-256, handed in because the domain computes none: a string stands for its UTF-8 bytes. */
export type Sha256 = (input: Uint8Array | string) => Uint8Array;

/** Sets entry ids apart from every other use of the hash. */
const ENTRY_ID_DOMAIN = "authledger/entry-id/v1";

/** RFC 6962 section 2.1: what is hashed for a leaf starts with this byte, for a node with 0x01. */
const LEAF_PREFIX = 0x00;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * The id of the entry at `index` of a request: the same request again has the same ids.
 *
 * Shape: UUID version 8 (RFC 9562 section 5.8), lower case; `index` from 0.
 * Source: FORMAT.md, "Entry id".
 */
export function entryId(sha256: Sha256, requestId: string, index: number): string {
  const bytes = sha256(`${ENTRY_ID_DOMAIN}\n${requestId}\n${index}`).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = hexOf(bytes);
  return (
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-` +
    `${hex.slice(16, 20)}-${hex.slice(20)}`
  );
}

/** The bytes whose SHA-256 is the leaf: 0x00, then the entry. */
export function leafInput(entry: Uint8Array): Uint8Array {
  const input = new Uint8Array(entry.length + 1);
  input[0] = LEAF_PREFIX;
  input.set(entry, 1);
  return input;
}

/** SHA-256(0x00 ‖ entry), 32 bytes. */
export function leafOf(sha256: Sha256, entry: Uint8Array): Uint8Array {
  return sha256(leafInput(entry));
}

/** Lower-case hex. */
export function hexOf(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += HEX[byte];
  return hex;
}
