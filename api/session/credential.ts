import { createHash, randomBytes } from "node:crypto";

/** 256 random bits cannot be guessed; the digest of them alone is kept. */
const SECRET_BYTES = 32;
const ID_BYTES = 16;
const VALUE = /^[A-Za-z0-9_-]{64}$/;

export type Credential = { readonly sessionId: string; readonly secret: Uint8Array };

/** A new session's id and secret. */
export function newCredential(): Credential {
  return { sessionId: crypto.randomUUID(), secret: randomBytes(SECRET_BYTES) };
}

/** What the cookie holds: base64url of the id's 16 bytes and the secret's 32. */
export function encodeCredential({ sessionId, secret }: Credential): string {
  const id = Buffer.from(sessionId.replaceAll("-", ""), "hex");
  return Buffer.concat([id, secret]).toString("base64url");
}

/** Undefined when it is nothing that we gave out. */
export function decodeCredential(value: string): Credential | undefined {
  if (!VALUE.test(value)) return undefined;
  const bytes = Buffer.from(value, "base64url");
  const hex = bytes.subarray(0, ID_BYTES).toString("hex");
  const sessionId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { sessionId, secret: bytes.subarray(ID_BYTES) };
}

/** What the vault keeps of the secret: it is random, so a plain SHA-256 does not help a thief. */
export function secretDigest(secret: Uint8Array): Uint8Array {
  return createHash("sha256").update(secret).digest();
}
