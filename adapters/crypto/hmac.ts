import { sha256 } from "./hash.ts";

/** SHA-256 works on blocks of this many bytes. */
const BLOCK_BYTES = 64;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/**
 * HMAC-SHA-256 under one key over a label, 0x00 and a message: every append and every read computes
 * one, and two hashes of one call each take half the time of a `createHmac` object.
 *
 * Shape: 32 bytes; few labels, since each is kept. Source: RFC 2104 section 2.
 */
export function labelledHmac(key: Uint8Array): (label: string, message: Uint8Array) => Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? sha256(key) : key);
  const inner = block.map((byte) => byte ^ INNER_PAD);
  const outer = block.map((byte) => byte ^ OUTER_PAD);
  const begun = new Map<string, Uint8Array>();
  return (label, message) => {
    let beginning = begun.get(label);
    if (beginning === undefined) {
      beginning = joined(inner, Buffer.from(`${label}\0`, "utf8"));
      begun.set(label, beginning);
    }
    return sha256(joined(outer, sha256(joined(beginning, message))));
  };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
