import { hash } from "node:crypto";

/**
 * SHA-256 in one call; a string stands for its UTF-8 bytes. By way of a string of one character a
 * byte, since Node takes longer to make the buffer itself than to hash a short input.
 */
export function sha256(input: Uint8Array | string): Uint8Array {
  return Buffer.from(hash("sha256", input, "binary"), "binary");
}

/** SHA-256 as lower-case hex. */
export function sha256Hex(input: Uint8Array | string): string {
  return hash("sha256", input, "hex");
}
