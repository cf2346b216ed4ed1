import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { StoreUnavailable } from "./store-unavailable.ts";

export type HeldClaim = {
  readonly kind: string;
  readonly digest: string;
  readonly owner: string;
  /** Given back; it only waits until it is free for others. */
  readonly quarantined: boolean;
};

/**
 * Who holds a claim now, at the head and not at a projection's watermark, so that a person can
 * sign in the moment they signed up. Claims are taken and released only by `Ledger.append`.
 */
export class Claims extends Context.Service<
  Claims,
  {
    /** Undefined for a claim in quarantine too: it lets nobody in. */
    readonly owner: (
      kind: string,
      digest: string,
    ) => Effect.Effect<string | undefined, StoreUnavailable>;
    /** Every claim, in pages by (kind, digest), for `verify`. */
    readonly page: (
      after: { readonly kind: string; readonly digest: string } | undefined,
      limit: number,
    ) => Effect.Effect<ReadonlyArray<HeldClaim>, StoreUnavailable>;
  }
>()("authledger/adapters/ports/Claims") {}
