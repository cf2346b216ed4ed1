import type { VaultReference } from "../vault-reference.ts";

/** How we prove to the issuer who we are, when we redeem a code (OpenID Connect Core, 9). */
export type ProviderAuthMethod = "client_secret_basic" | "client_secret_post" | "none";

/** What may be revised of a provider; its issuer may not. */
export type ProviderMetadata = {
  /** What the button says. */
  readonly name: string;
  /** As the issuer knows us. */
  readonly clientId: string;
  /** What we ask for; `openid` is among them. */
  readonly scopes: ReadonlyArray<string>;
  readonly authMethod: ProviderAuthMethod;
};

/** Who decided it: an architect at run time, or the environment at a start. */
export type ProviderOrigin = "architect" | "environment";

/**
 * Facts about one outside issuer that people may sign in with. Stored for ever: never rename or
 * re-mean, only add.
 */
export type ProviderEvent =
  | ({
      readonly type: "ProviderOpened";
      /** Who speaks for the subjects of this provider, for ever. */
      readonly issuer: string;
      readonly origin: ProviderOrigin;
      /** Where the client secret is kept; absent for a public client. */
      readonly secret?: VaultReference;
    } & ProviderMetadata)
  /** All of it, as it is from here on. */
  | ({
      readonly type: "ProviderRevised";
      readonly origin: ProviderOrigin;
      readonly secret?: VaultReference;
    } & ProviderMetadata)
  /** Nobody comes in by it any more; accounts that were linked stay so. */
  | { readonly type: "ProviderClosed" };
