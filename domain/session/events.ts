import type { Sealed } from "../sealed.ts";
import type { VaultReference } from "../vault-reference.ts";
import type { Device } from "./device.ts";

/** The door a session came through. */
export type SessionMethod =
  | "password"
  | "sign-up"
  | "guest"
  | "setup"
  | "magic-link"
  | "provider"
  | "impersonation";

/** Why a session is over. */
export type SessionEndReason =
  | "signed-out"
  | "revoked"
  | "blocked"
  | "erased"
  | "password-replaced"
  | "promoted"
  | "rotated"
  | "expired"
  | "email-replaced"
  | "username-chosen"
  | "password-removed"
  | "provider-unlinked"
  | "merged"
  | "impersonation-ended"
  | "role-lost";

/** Who really acts in a session that was started in somebody else's name. */
export type Impersonator = {
  readonly userId: string;
  /** Their own session: when it ends, so does this one. */
  readonly sessionId: string;
};

/** Facts about one session. Stored in the activity ledger: never rename or re-mean, only add. */
export type SessionEvent =
  | ({
      readonly type: "SessionStarted";
      readonly userId: string;
      readonly method: SessionMethod;
      /** The vault row that the presented token is compared with. */
      readonly credential: VaultReference;
      /** The absolute cap, RFC 3339 in UTC with milliseconds; sliding expiry is not a fact. */
      readonly expiresAt: string;
      /** Whether the person had signed in from this browser before. */
      readonly device?: "known" | "new";
      readonly impersonator?: Impersonator;
      /** Why somebody acts in another's name. */
      readonly reason?: Sealed;
    } & Device)
  | {
      readonly type: "SessionElevated";
      readonly method: "password";
      /** The new one: the credential so far is refused from here on. */
      readonly credential: VaultReference;
    }
  /** The old one is refused from here on; nobody proved anything by it. */
  | { readonly type: "CredentialExchanged"; readonly credential: VaultReference }
  | { readonly type: "SessionEnded"; readonly reason: SessionEndReason };
