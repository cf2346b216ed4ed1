import { createHash } from "node:crypto";
import { entryId, type Sha256 } from "../../domain/ledger/derive.ts";

const sha256: Sha256 = (input) => createHash("sha256").update(input).digest();

/** The stream and the row of what one person lets one application do. */
export function consentId(userId: string, clientId: string): string {
  return entryId(sha256, `consent/${userId}/${clientId}`, 0);
}
