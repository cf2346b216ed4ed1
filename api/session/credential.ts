import { createHmac, hash, randomBytes } from "node:crypto";

/** 256 random bits cannot be guessed; the digest of them alone is kept. */
const SECRET_BYTES = 32;
const ID_BYTES = 16;
const VALUE = /^[A-Za-z0-9_-]{64}$/;

/** Separates what is derived from a session's secret from every other use of it. */
const VERIFY_DOMAIN = "authledger/verify-cookie";

export type Credential = { readonly sessionId: string; readonly secret: Uint8Array };

/** A new session's id and secret; the same session's id with a new secret when it has one. */
export function newCredential(sessionId: string = crypto.randomUUID()): Credential {
  return { sessionId, secret: randomBytes(SECRET_BYTES) };
}

/**
 * What the verify cookie holds: derived one way, so that whoever reads it at a sibling subdomain
 * does not have the session.
 */
export function verifyCredential({ sessionId, secret }: Credential): Credential {
  return { sessionId, secret: createHmac("sha256", secret).update(VERIFY_DOMAIN).digest() };
}

/** What a cookie holds: base64url of the id's 16 bytes and the secret's 32. */
export function encodeCredential({ sessionId, secret }: Credential): string {
  const id = Buffer.from(sessionId.replaceAll("-", ""), "hex");
  return Buffer.concat([id, secret]).toString("base64url");
}

/** Undefined when it is nothing that we gave out. */
export function decodeCredential(value: string): Credential | undefined {
  if (!VALUE.test(value)) return undefined;
  const bytes = Buffer.from(value, "base64url");
  const hex = bytes.toString("hex", 0, ID_BYTES);
  const sessionId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(
    16,
    20,
  )}-${hex.slice(20)}`;
  return { sessionId, secret: bytes.subarray(ID_BYTES) };
}

/** Bytes of one digest in the vault's row: first the session's, then the verify cookie's. */
export const DIGEST_BYTES = 32;

/** What a presented secret is compared by: it is random, so a plain SHA-256 helps no thief. */
export function secretDigest(secret: Uint8Array): Uint8Array {
  // By way of a string: Node makes the buffer of a short digest slower than it hashes.
  return Buffer.from(hash("sha256", secret, "binary"), "binary");
}

/** What the vault keeps of a credential: the digests of both secrets. */
export function digestsOf(credential: Credential): Uint8Array {
  const verify = verifyCredential(credential);
  return Buffer.concat([secretDigest(credential.secret), secretDigest(verify.secret)]);
}
