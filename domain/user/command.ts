import type { Sealed } from "../sealed.ts";
import type { VaultReference } from "../vault-reference.ts";
import type { ProfileChanges } from "./events.ts";

/** Who commands, from the authenticated context; an operator at the command line is "architect". */
export type By = { readonly id: string; readonly rank: "architect" | "admin" | "other" };

/** Whom it is about: the stream's own id, and whether the `architects` stream names them now. */
export type Target = { readonly id: string; readonly architect: boolean };

/** What a password door brings. */
export type PasswordAccount = {
  readonly email: Sealed;
  readonly name?: Sealed;
  readonly accountId: string;
  readonly password: VaultReference;
};

type Administered = { readonly by: By; readonly target: Target };

export type RolesCommand = Administered &
  (
    | { readonly type: "GrantRole"; readonly role: string }
    | { readonly type: "RevokeRole"; readonly role: string }
    /** Exactly these roles from now on. */
    | { readonly type: "PutRoles"; readonly roles: ReadonlyArray<string> }
  );

export type StandingCommand = Administered &
  (
    | { readonly type: "Block"; readonly reason?: Sealed; readonly until?: string }
    | { readonly type: "Unblock" }
    | { readonly type: "Erase" }
  );

export type UserCommand =
  | ({ readonly type: "SignUp" } & PasswordAccount)
  | { readonly type: "AdmitGuest" }
  | ({ readonly type: "PromoteGuest"; readonly session?: string } & PasswordAccount)
  | {
      readonly type: "EnrollPassword";
      readonly accountId: string;
      readonly password: VaultReference;
    }
  | {
      readonly type: "ReplacePassword";
      readonly password: VaultReference;
      readonly session?: string;
    }
  | ({ readonly type: "ReviseProfile"; readonly changes: ProfileChanges } & Administered)
  | RolesCommand
  | StandingCommand;

export type UserOutcome =
  | "signed_up"
  | "admitted"
  | "promoted"
  | "enrolled"
  | "replaced"
  | "revised"
  | "granted"
  | "revoked"
  | "roles_put"
  | "blocked"
  | "unblocked"
  /** Of Erase: done. Of every other command: refused. */
  | "erased"
  | "already_exists"
  | "unknown_user"
  /** The identity is no guest, or the role guest is not for it. */
  | "not_a_guest"
  /** A guest becomes a user by promotion only. */
  | "guest"
  | "already_enrolled"
  | "no_password"
  | "unknown_role"
  /** The architect role has its own stream and routes. */
  | "use_architects"
  | "own_roles"
  /** Nobody blocks themselves. */
  | "oneself"
  | "architects_only"
  | "last_role"
  /** An architect is dismissed before a block or an erasure. */
  | "dismiss_first";
