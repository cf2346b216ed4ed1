import type { VaultReference } from "../vault-reference.ts";

/**
 * Facts about one initial access token, by which applications register themselves. Stored for ever:
 * never rename or re-mean, only add.
 */
export type RegistrationTokenEvent =
  | {
      readonly type: "RegistrationTokenIssued";
      /** Its digest. */
      readonly secret: VaultReference;
      /** Registrations that it is good for. */
      readonly uses: number;
      /** RFC 3339 in UTC with milliseconds. */
      readonly expiresAt: string;
    }
  /** One of its uses went to this application. */
  | { readonly type: "RegistrationTokenUsed"; readonly clientId: string }
  | { readonly type: "RegistrationTokenRevoked" };
