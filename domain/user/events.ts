import type { Sealed } from "../sealed.ts";
import type { VaultReference } from "../vault-reference.ts";

/** The personal values that a person or an admin revises; the e-mail has its own life. */
export type ProfileField = "name" | "image" | "locale" | "timezone" | "bio" | "phone" | "address";

/** New values of some fields; `null` clears one. */
export type ProfileChanges = { readonly [field in ProfileField]?: Sealed | null };

/**
 * Facts about one person or guest, in the stream of their id. Stored for ever: never rename or
 * re-mean, only add.
 *
 * Shape: times RFC 3339 in UTC with milliseconds; ids lower-case UUIDs; roles by name.
 */
export type UserEvent =
  | {
      readonly type: "UserSignedUp";
      readonly email: Sealed;
      readonly name?: Sealed;
      readonly roles: ReadonlyArray<string>;
    }
  /** An identity without a form: its only role is guest until it is promoted. */
  | { readonly type: "GuestAdmitted" }
  /** The same id became a user: role guest went, role user came, everything attached stayed. */
  | {
      readonly type: "GuestPromoted";
      readonly email: Sealed;
      readonly name?: Sealed;
      readonly method: "password";
      /** The session it was done from, which alone outlives it. */
      readonly session?: string;
    }
  | {
      readonly type: "PasswordEnrolled";
      readonly accountId: string;
      readonly password: VaultReference;
    }
  | {
      readonly type: "PasswordReplaced";
      readonly accountId: string;
      readonly password: VaultReference;
      /** The session it was done from, which alone outlives it. */
      readonly session?: string;
    }
  | { readonly type: "RoleGranted"; readonly role: string }
  | { readonly type: "RoleRevoked"; readonly role: string }
  | ({ readonly type: "ProfileRevised" } & ProfileChanges)
  /**
   * From now on nobody acts as this user, until the time if there is one. Replaces an earlier
   * block.
   */
  | { readonly type: "UserBlocked"; readonly reason?: Sealed; readonly until?: string }
  | { readonly type: "UserUnblocked" }
  /** The data key went in the same transaction. Names what was held, so that read models let go. */
  | {
      readonly type: "UserErased";
      readonly accounts: ReadonlyArray<string>;
      readonly roles: ReadonlyArray<string>;
    };
