import { sha256 } from "../../adapters/crypto/hash.ts";
import { entryId } from "../../domain/ledger/derive.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Which id a person has here, and by which request they are imported: the same every time. */
export type Derived = { readonly userId: string; readonly requestId: string };

/** Ids that are UUIDs stay; of others one is made that the same import makes again. */
export function derivedId(source: string, sourceId: string): Derived {
  const kept = sourceId.toLowerCase();
  // One hash for both, in a domain of its own: the index says which.
  const of = `import:${source}:${sourceId}`;
  return {
    userId: UUID.test(kept) ? kept : entryId(sha256, of, 0),
    requestId: entryId(sha256, of, 1),
  };
}

/** The id of an account of that person; the same every time. */
export function derivedAccountId(requestId: string, index: number): string {
  return entryId(sha256, `import-account:${requestId}`, index);
}
