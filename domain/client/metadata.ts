/**
 * What kind of application a client is.
 *
 * `web` has a server that keeps a secret, `spa` is a browser's page and `native` an app, which keep
 * none, `machine` acts for itself. Source: RFC 6749, section 2.1; RFC 8252; RFC 9700.
 */
export const CLIENT_TYPES = ["web", "spa", "native", "machine"] as const;
export type ClientType = (typeof CLIENT_TYPES)[number];

/**
 * How a client proves itself at the token endpoint.
 *
 * Source: OpenID Connect Core 1.0, section 9; RFC 7591, section 2.
 */
export const AUTH_METHODS = [
  "client_secret_basic",
  "client_secret_post",
  "private_key_jwt",
  "none",
] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

/** Ways to a token. Source: RFC 6749, section 4; RFC 8628, section 3.4. */
export const GRANT_TYPES = [
  "authorization_code",
  "refresh_token",
  "client_credentials",
  "urn:ietf:params:oauth:grant-type:device_code",
] as const;
export type GrantType = (typeof GRANT_TYPES)[number];

/** Who may sign in to it: everybody, or whom its owners let. */
export const ACCESS_POLICIES = ["all", "restricted"] as const;
export type AccessPolicy = (typeof ACCESS_POLICIES)[number];

/** A redirect URI of one deployment that is tried out: exact too, and for a while. */
export type PreviewUri = { readonly uri: string; readonly expiresAt: string };

/** Seconds; what is not said is the server's own. */
export type Lifetimes = {
  readonly accessToken?: number;
  readonly refreshToken?: number;
  readonly idToken?: number;
};

/** What is registered of a client and may be revised. */
export type ClientMetadata = {
  readonly name: string;
  readonly tokenEndpointAuthMethod: AuthMethod;
  readonly grantTypes: ReadonlyArray<GrantType>;
  readonly redirectUris: ReadonlyArray<string>;
  readonly postLogoutRedirectUris: ReadonlyArray<string>;
  readonly previewRedirectUris: ReadonlyArray<PreviewUri>;
  /** Whose pages may call the token endpoint from a browser: `scheme://host[:port]`. */
  readonly origins: ReadonlyArray<string>;
  /** Scopes of our own API that it may ask for, which an architect alone gives. */
  readonly scopes: ReadonlyArray<string>;
  /** People are not asked whether it may know them: for applications of the house. */
  readonly skipConsent: boolean;
  readonly accessPolicy: AccessPolicy;
  readonly lifetimes: Lifetimes;
} & ClientAddresses;

/** Addresses that a client may have or not. */
export type ClientAddresses = {
  readonly logoUri?: string;
  readonly clientUri?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
  /** Where its public keys are, for `private_key_jwt`. */
  readonly jwksUri?: string;
  readonly backchannelLogoutUri?: string;
};

/** Only what is named changes; `null` clears an address. */
export type MetadataChanges = Partial<Omit<ClientMetadata, keyof ClientAddresses>> & {
  readonly [Member in keyof ClientAddresses]: string | null;
};

/** What a type begins with where nothing is said. */
export const DEFAULTS: {
  readonly [type in ClientType]: Pick<ClientMetadata, "tokenEndpointAuthMethod" | "grantTypes">;
} = {
  web: {
    tokenEndpointAuthMethod: "client_secret_basic",
    grantTypes: ["authorization_code", "refresh_token"],
  },
  spa: { tokenEndpointAuthMethod: "none", grantTypes: ["authorization_code", "refresh_token"] },
  native: { tokenEndpointAuthMethod: "none", grantTypes: ["authorization_code", "refresh_token"] },
  machine: {
    tokenEndpointAuthMethod: "client_secret_basic",
    grantTypes: ["client_credentials"],
  },
};
