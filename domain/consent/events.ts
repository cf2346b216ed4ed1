/** Scopes of one API that somebody agreed to. */
export type ResourceScopes = {
  readonly audience: string;
  readonly scopes: ReadonlyArray<string>;
};

/** What an application may know of somebody and do in their name. */
export type Agreed = {
  /** Of OpenID Connect: what it may know. */
  readonly scopes: ReadonlyArray<string>;
  /** By API: what it may do. */
  readonly resources: ReadonlyArray<ResourceScopes>;
};

/**
 * Facts about what one person lets one application know and do. Stored for ever: never rename or
 * re-mean, only add.
 */
export type ConsentEvent =
  /** All of it, as it is from here on. */
  | ({
      readonly type: "ConsentGranted";
      readonly userId: string;
      readonly clientId: string;
      /** Where the application's terms were that the person accepted with it. */
      readonly terms?: string;
    } & Agreed)
  /** Nothing any more: what was issued under it is worthless from here on. */
  | { readonly type: "ConsentWithdrawn" };
