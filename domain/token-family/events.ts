/** Why no refresh token of a family is taken any more. */
export type FamilyEndReason =
  /** One that had been replaced was used: somebody else may have it. */
  | "reuse"
  /** The authorization code that it came from was used again. */
  | "code-replayed"
  /** The application gave a token back. */
  | "revoked"
  | "signed-out";

/**
 * Facts about one line of refresh tokens, each of which replaced the one before. Stored for ever:
 * never rename or re-mean, only add.
 */
export type TokenFamilyEvent =
  | {
      readonly type: "RefreshFamilyOpened";
      readonly userId: string;
      readonly clientId: string;
      readonly scopes: ReadonlyArray<string>;
      /** The APIs that access tokens are asked for with it. */
      readonly audiences: ReadonlyArray<string>;
      /** It ends with this session, where it does. */
      readonly sessionId?: string;
      /** RFC 3339 in UTC with milliseconds: the last of the line ends then at the latest. */
      readonly expiresAt: string;
    }
  | { readonly type: "RefreshTokenReuseDetected" }
  | { readonly type: "RefreshFamilyRevoked"; readonly reason: FamilyEndReason };
