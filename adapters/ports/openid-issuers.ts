import * as Context from "effect/Context";
import * as Data from "effect/Data";
import type * as Effect from "effect/Effect";
import type * as Redacted from "effect/Redacted";
import type { ProviderAuthMethod } from "../../domain/provider/mod.ts";

/** What we are at an issuer, and what keeps its metadata apart from an earlier revision's. */
export type IssuerClient = {
  readonly issuer: string;
  readonly clientId: string;
  readonly authMethod: ProviderAuthMethod;
  readonly clientSecret?: Redacted.Redacted<string> | undefined;
  readonly scopes: ReadonlyArray<string>;
};

/** What one trip to an issuer is bound to; kept by us, never shown but for `state` and `nonce`. */
export type Trip = {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** RFC 7636. */
  readonly verifier: string;
  /** Somebody has to prove there anew who they are. */
  readonly fresh: boolean;
};

/** What an issuer asserts of a person, as far as it tells. */
export type IssuerClaims = {
  readonly subject: string;
  readonly email?: string;
  readonly emailVerified: boolean;
  readonly name?: string;
  readonly image?: string;
  readonly locale?: string;
  readonly timezone?: string;
};

/** Why nobody comes in from an issuer. */
export type IssuerRefusal =
  /** The person, or the issuer for them, said no. */
  | "denied"
  /** It cannot be reached, or does not do what an issuer does. */
  | "unavailable"
  /** What came back is not what we asked for, or not from whom we asked. */
  | "mismatch";

/** Its message names neither the person nor what was sent. */
export class IssuerError extends Data.TaggedError("IssuerError")<{
  readonly refusal: IssuerRefusal;
  /** By the code of the protocol library, for the log. */
  readonly code?: string;
}> {
  override get message() {
    return `Cannot sign in at the issuer: ${this.refusal}`;
  }
}

/**
 * OpenID Connect as a relying party: any issuer by its URL.
 *
 * Errors: `IssuerError`.
 */
export class OpenidIssuers extends Context.Service<
  OpenidIssuers,
  {
    /** Where to send the person. */
    readonly authorizationUrl: (
      client: IssuerClient,
      trip: Trip,
    ) => Effect.Effect<string, IssuerError>;
    /**
     * Redeems what came back to the redirect URI, with the query it came with. State, `iss`, PKCE,
     * signature, audience, nonce and times are checked before anything is believed.
     */
    readonly arrive: (
      client: IssuerClient,
      trip: Trip,
      query: URLSearchParams,
    ) => Effect.Effect<IssuerClaims, IssuerError>;
  }
>()("authledger/adapters/ports/OpenidIssuers") {}
