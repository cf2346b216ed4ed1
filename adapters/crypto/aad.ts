import { canonicalJson } from "../../domain/ledger/canonical.ts";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import type { OwnerId } from "../../domain/sealed.ts";
import type { VaultRow } from "../ports/ledger.ts";

/**
 * What a sealed value is bound to: moved to another place, it does not open. FORMAT.md, "Sealed
 * value".
 */
export function sealedAad(place: {
  readonly ledger: LedgerName;
  readonly owner: OwnerId;
  readonly generation: number;
  readonly field: string;
}): string {
  const { ledger, owner, generation, field } = place;
  return canonicalJson(["authledger/sealed/v1", ledger, owner, generation, field]);
}

/** What a wrapped data key is bound to. FORMAT.md, "Data key". */
export function dataKeyAad(owner: OwnerId, generation: number): string {
  return canonicalJson(["authledger/data-key/v1", owner, generation]);
}

/**
 * What a vault row is bound to. Its version is not repeated here: it selects the key, so that an
 * altered version does not open either. FORMAT.md, "Vault row".
 */
export function vaultAad(
  ledger: LedgerName,
  { id, kind, owner }: Pick<VaultRow, "id" | "kind" | "owner">,
): string {
  return canonicalJson(["authledger/vault/v1", ledger, id, kind, owner]);
}
