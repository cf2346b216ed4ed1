import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";
import { randomPooled } from "./random.ts";

/** NIST SP 800-38D: 96 bits is the nonce that GCM takes without hashing it first. */
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** AES-256-GCM under a fresh random nonce; answers nonce ‖ ct ‖ tag. */
export function seal(key: KeyObject, aad: string, plaintext: Uint8Array | string): Uint8Array {
  const nonce = randomPooled(NONCE_BYTES);
  return sealWith(key, nonce, { aad, plaintext });
}

/**
 * As `seal`, under a nonce the caller answers for: a nonce used twice under one key breaks both.
 */
export function sealWith(
  key: KeyObject,
  nonce: Uint8Array,
  { aad, plaintext }: { readonly aad: string; readonly plaintext: Uint8Array | string },
): Uint8Array {
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(aad, "utf8"));
  const bytes = typeof plaintext === "string" ? Buffer.from(plaintext, "utf8") : plaintext;
  const ct = cipher.update(bytes);
  return Buffer.concat([nonce, ct, cipher.final(), cipher.getAuthTag()]);
}

/** Undefined when the bytes, the key or the associated data are not the ones that were sealed. */
export function open(key: KeyObject, aad: string, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const end = sealed.length - TAG_BYTES;
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(aad, "utf8"));
  decipher.setAuthTag(sealed.subarray(end));
  try {
    const plaintext = decipher.update(sealed.subarray(NONCE_BYTES, end));
    decipher.final();
    return plaintext;
  } catch {
    // The only failure here is a tag that does not fit, which is an answer and not a defect.
    return undefined;
  }
}
