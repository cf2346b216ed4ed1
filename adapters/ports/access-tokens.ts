import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { StaleModel } from "./in-memory-model.ts";
import type { StoreUnavailable } from "./store-unavailable.ts";

/** What an access token of ours says (RFC 9068, section 2.2). */
export type AccessTokenClaims = {
  readonly sub: string;
  readonly clientId: string;
  readonly scopes: ReadonlyArray<string>;
  /** Thumbprint of the key whose proof must come with it (RFC 9449, section 6.1). */
  readonly jkt?: string;
  /** The grant that it was issued under; gone with it. */
  readonly grantId?: string;
  /** Who really acts (RFC 8693, section 4.1). */
  readonly actor?: string;
};

export type PresentedToken = {
  readonly token: string;
  /** By `Authorization: Bearer` or `DPoP`. */
  readonly scheme: "bearer" | "dpop";
  /** The `DPoP` header. */
  readonly proof: string | undefined;
  readonly method: string;
  /** The request's address without query and fragment, by the configured base URL. */
  readonly url: string;
};

/** Checks access tokens that were issued here, and the proofs that come with them. */
export class AccessTokens extends Context.Service<
  AccessTokens,
  {
    /**
     * Undefined when it is not one of ours for this audience, is late, or comes without the proof
     * of the key that it is bound to. A proof is taken once.
     */
    readonly verify: (
      presented: PresentedToken,
      expected: { readonly issuer: string; readonly audience: string },
    ) => Effect.Effect<AccessTokenClaims | undefined, StaleModel | StoreUnavailable>;
  }
>()("authledger/adapters/ports/AccessTokens") {}
