import type { VaultReference } from "../vault-reference.ts";

/** The door a session came through. */
export type SessionMethod = "password" | "sign-up" | "guest" | "setup";

/** Why a session is over. */
export type SessionEndReason =
  | "signed-out"
  | "revoked"
  | "blocked"
  | "erased"
  | "password-replaced"
  | "promoted"
  | "rotated";

/** Facts about one session. Stored in the activity ledger: never rename or re-mean, only add. */
export type SessionEvent =
  | {
      readonly type: "SessionStarted";
      readonly userId: string;
      readonly method: SessionMethod;
      /** The vault row that the presented token is compared with. */
      readonly credential: VaultReference;
      /** The absolute cap, RFC 3339 in UTC with milliseconds; sliding expiry is not a fact. */
      readonly expiresAt: string;
    }
  | { readonly type: "SessionEnded"; readonly reason: SessionEndReason };
