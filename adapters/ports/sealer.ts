import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import type { OwnerId, Sealed } from "../../domain/sealed.ts";
import type { VaultReference } from "../../domain/vault-reference.ts";
import type { VaultRow, WrappedDataKey } from "./ledger.ts";
import type { StoreUnavailable } from "./store-unavailable.ts";

/** An owner's data key in use; `row` is what an append stores when the key is new. */
export type SealingKey = {
  readonly row: WrappedDataKey;
  /** `field` is `<category>.<member>` as the codec declares it, e.g. `user.email`. */
  readonly seal: (ledger: LedgerName, field: string, plaintext: string) => Sealed;
};

/**
 * Personal data and secrets at the edge: sealed before a command is made, opened before an answer.
 */
export class Sealer extends Context.Service<
  Sealer,
  {
    /**
     * A key for an owner who has none yet; it exists once an append carries `row` in
     * `dataKeys.create`.
     */
    readonly mint: (owner: OwnerId) => SealingKey;
    /** The owner's key; undefined when it was destroyed or never made. */
    readonly key: (owner: OwnerId) => Effect.Effect<SealingKey | undefined, StoreUnavailable>;
    /**
     * A key that everybody shares for a while, made when first asked for; undefined when destroyed.
     */
    readonly shared: (owner: OwnerId) => Effect.Effect<SealingKey | undefined, StoreUnavailable>;
    /**
     * Opens many values with one look-up; a value whose key is gone or that does not open is
     * undefined. Keys that the caller has read in this very request need no look-up.
     */
    readonly open: (
      values: ReadonlyArray<{
        readonly ledger: LedgerName;
        readonly field: string;
        readonly sealed: Sealed;
      }>,
      known?: ReadonlyArray<WrappedDataKey>,
    ) => Effect.Effect<ReadonlyArray<string | undefined>, StoreUnavailable>;
    /** Seals a secret into a vault row and answers the reference for its event. */
    readonly enclose: (secret: {
      readonly ledger: LedgerName;
      readonly id: string;
      readonly kind: string;
      readonly owner: string;
      readonly plaintext: Uint8Array;
    }) => { readonly row: VaultRow; readonly reference: VaultReference };
    /** Opens a row that matches the reference; undefined when it was swapped or altered. */
    readonly disclose: (
      ledger: LedgerName,
      row: VaultRow,
      reference: VaultReference,
    ) => Uint8Array | undefined;
  }
>()("authledger/adapters/ports/Sealer") {}
