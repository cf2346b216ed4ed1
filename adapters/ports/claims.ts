import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { StoreUnavailable } from "./store-unavailable.ts";

/**
 * Who holds a claim now, at the head and not at a projection's watermark, so that a person can
 * sign in the moment they signed up. Claims are taken and released only by `Ledger.append`.
 */
export class Claims extends Context.Service<
  Claims,
  {
    readonly owner: (
      kind: string,
      digest: string,
    ) => Effect.Effect<string | undefined, StoreUnavailable>;
    /** Every claim, in pages by (kind, digest), for `verify`. */
    readonly page: (
      after: { readonly kind: string; readonly digest: string } | undefined,
      limit: number,
    ) => Effect.Effect<
      ReadonlyArray<{ readonly kind: string; readonly digest: string; readonly owner: string }>,
      StoreUnavailable
    >;
  }
>()("authledger/adapters/ports/Claims") {}
