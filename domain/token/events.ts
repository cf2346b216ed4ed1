/** How a token was asked for. Source: RFC 6749, section 4; RFC 8628, section 3.4. */
export const TOKEN_GRANTS = [
  "authorization_code",
  "refresh_token",
  "client_credentials",
  "urn:ietf:params:oauth:grant-type:device_code",
] as const;
export type TokenGrant = (typeof TOKEN_GRANTS)[number];

/**
 * What happened at the token endpoints. Stored in the activity ledger: never rename or re-mean,
 * only add. No token is here, nor what one could be guessed from.
 */
export type TokenEvent =
  | {
      readonly type: "TokenIssued";
      readonly clientId: string;
      readonly userId?: string;
      readonly grant: TokenGrant;
      /** The line of refresh tokens, or the one authorization, that it belongs to. */
      readonly grantId?: string;
      /** The API that it is for; absent for one that only `/oauth2/userinfo` takes. */
      readonly audience?: string;
      readonly scopes: ReadonlyArray<string>;
      /** Of an access token that is a JWT: its `jti`, and the key that signed it. */
      readonly jti?: string;
      readonly kid?: string;
      /** The key that signed the ID token that came with it. */
      readonly idTokenKid?: string;
      /** Thumbprint of the key that it is bound to (RFC 9449, section 6.1). */
      readonly jkt?: string;
      readonly expiresAt: string;
    }
  | {
      readonly type: "TokenRefused";
      /** Who it was that asked, once that is known to be true. */
      readonly clientId?: string;
      readonly grant?: TokenGrant;
      /** The `error` of the answer (RFC 6749, section 5.2, and its registry). */
      readonly error: string;
    }
  | {
      readonly type: "TokenIntrospected";
      /** Who asked. */
      readonly clientId: string;
      readonly active: boolean;
      /** Whose token it was, where it was one. */
      readonly subject?: string;
    };
