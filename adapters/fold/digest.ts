import type { Json, JsonObject } from "../../domain/json.ts";
import { canonicalJson } from "../../domain/ledger/canonical.ts";
import { sha256 } from "../crypto/hash.ts";

const MODULUS = 1n << 256n;

/** Of a model without rows. */
export const EMPTY_DIGEST = "0".repeat(64);

/**
 * The digest of a read model: the sum, modulo 2^256, of SHA-256(key ‖ 0x00 ‖ canonical row) over
 * its rows. A sum, so that a batch updates it at the cost of the rows it touches and any order of
 * the rows gives the same; `verify` compares the rows themselves, so a chosen collision gains
 * nothing.
 *
 * Shape: 64 lower-case hexadecimal digits.
 */
export function digestAfter(
  digest: string,
  changes: Iterable<{
    readonly key: string;
    readonly before: JsonObject | undefined;
    readonly after: JsonObject | undefined;
  }>,
): string {
  let sum = BigInt(`0x${digest === "" ? "0" : digest}`);
  for (const { key, before, after } of changes) {
    if (before !== undefined) sum -= rowHash(key, before);
    if (after !== undefined) sum += rowHash(key, after);
  }
  const reduced = ((sum % MODULUS) + MODULUS) % MODULUS;
  return reduced.toString(16).padStart(64, "0");
}

function rowHash(key: string, row: JsonObject): bigint {
  const hash = sha256(Buffer.from(`${key}\0${canonicalJson(row as Json)}`, "utf8"));
  return BigInt(`0x${Buffer.from(hash).toString("hex")}`);
}
