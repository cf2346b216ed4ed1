import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { OwnerId } from "../../domain/sealed.ts";
import type { WrappedDataKey } from "./ledger.ts";
import type { StoreUnavailable } from "./store-unavailable.ts";

/**
 * Wrapped data keys by owner. Created with the entries they seal, or shared (a month's origins).
 */
export class DataKeys extends Context.Service<
  DataKeys,
  {
    /** The newest generation of each owner that has a key; an erased owner is absent. */
    readonly load: (
      owners: ReadonlyArray<OwnerId>,
    ) => Effect.Effect<ReadonlyArray<WrappedDataKey>, StoreUnavailable>;
    /**
     * Stores the key unless the owner has one, and answers the one that is stored; undefined when
     * destroyed.
     */
    readonly share: (
      key: WrappedDataKey,
    ) => Effect.Effect<WrappedDataKey | undefined, StoreUnavailable>;
  }
>()("authledger/adapters/ports/DataKeys") {}
