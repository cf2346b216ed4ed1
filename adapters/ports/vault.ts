import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { VaultRow } from "./ledger.ts";
import type { StoreUnavailable } from "./store-unavailable.ts";

/** Sealed secrets by id. Rows are put and removed only by `Ledger.append`. */
export class Vault extends Context.Service<
  Vault,
  {
    readonly get: (id: string) => Effect.Effect<VaultRow | undefined, StoreUnavailable>;
  }
>()("authledger/adapters/ports/Vault") {}
