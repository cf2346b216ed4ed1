import { createHash } from "node:crypto";
import { entryId, type Sha256 } from "../../domain/ledger/derive.ts";

const sha256: Sha256 = (input) => createHash("sha256").update(input).digest();

/** An id of what a request makes, derived from it: a repeat of the request names the same thing. */
export function derivedId(requestId: string): string {
  return entryId(sha256, requestId, 0);
}
