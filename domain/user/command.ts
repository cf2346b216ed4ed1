import type { Sealed } from "../sealed.ts";
import type { VaultReference } from "../vault-reference.ts";
import type { ProfileChanges } from "./events.ts";
import type { Profile } from "./evolve.ts";

/** Who commands, from the authenticated context; an operator at the command line is "architect". */
export type By = { readonly id: string; readonly rank: "architect" | "admin" | "other" };

/** Whom it is about: the stream's own id, and whether the `architects` stream names them now. */
export type Target = { readonly id: string; readonly architect: boolean };

/** A password of one's own, as the vault keeps it. */
export type PasswordAccount = { readonly accountId: string; readonly password: VaultReference };

/** Who somebody is at a provider. */
export type ProviderAccount = {
  readonly accountId: string;
  readonly provider: string;
  readonly providerSubject: Sealed;
};

/** What a person wants kept of the ways in that they have. */
export type OpenDoors = {
  /** Links in a mail let people in. */
  readonly mail: boolean;
  /** Providers that are open, by id. */
  readonly providers: ReadonlyArray<string>;
};

/**
 * What a door brings: an address and a password, or the proof that the address is theirs, or an
 * account at a provider, which need not come with an address.
 */
export type Enrolment = {
  readonly email?: Sealed;
  readonly name?: Sealed;
  readonly credential?: PasswordAccount;
  readonly account?: ProviderAccount;
  /** The door proved the address. */
  readonly verified?: true;
  /** Beside `user`: what an invitation gives. */
  readonly roles?: ReadonlyArray<string>;
};

type Administered = {
  readonly by: By;
  readonly target: Target;
  /** Roles that this installation has defined beside the built-in ones. */
  readonly defined?: ReadonlyArray<string>;
};

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

/** Identities that come to be. */
export type BeginningCommand =
  | ({ readonly type: "SignUp" } & Enrolment)
  | ({
      readonly type: "CreateUser";
      readonly email?: Sealed;
      readonly username?: Sealed;
      readonly name?: Sealed;
      readonly roles: ReadonlyArray<string>;
      readonly emailVerified: boolean;
      readonly claimedAt?: string;
    } & Omit<Administered, "target">)
  | { readonly type: "AdmitGuest" };

/** What becomes of a guest. */
export type GuestCommand =
  | ({ readonly type: "PromoteGuest"; readonly session?: string } & Enrolment)
  | { readonly type: "LeaveAsGuest" }
  | { readonly type: "EvictGuest" }
  /** They signed in to the account that they have. */
  | { readonly type: "MergeGuest"; readonly into: string };

/** How somebody is known, and what lets them in. */
export type WayInCommand =
  /** `email` is the address that was written to; `removePassword`: the proof came without it. */
  | {
      readonly type: "VerifyEmail";
      readonly email: Sealed;
      readonly removePassword: boolean;
      /** Accounts linked before the proof go, but for the one that it came by. */
      readonly unlink?: { readonly except?: string };
      readonly session?: string;
    }
  | { readonly type: "ReplaceEmail"; readonly email: Sealed; readonly session?: string }
  | { readonly type: "ChooseUsername"; readonly username: Sealed; readonly session?: string }
  | ({ readonly type: "EnrollPassword"; readonly session?: string } & PasswordAccount)
  | {
      readonly type: "ReplacePassword";
      readonly password: VaultReference;
      /** The password that was proved; replaced meanwhile, it proves nothing. */
      readonly proved?: VaultReference;
      readonly session?: string;
    }
  | {
      readonly type: "RehashPassword";
      readonly proved: VaultReference;
      readonly password: VaultReference;
    }
  | {
      readonly type: "LinkProvider";
      readonly accountId: string;
      readonly provider: string;
      readonly providerSubject: Sealed;
      readonly claimedAt?: string;
    }
  | {
      readonly type: "UnlinkProvider";
      readonly accountId: string;
      readonly doors: OpenDoors;
      /** All that are linked, as whoever commands has seen them. */
      readonly seen: ReadonlyArray<string>;
      readonly session?: string;
    };

export type UserCommand =
  | BeginningCommand
  | GuestCommand
  | WayInCommand
  | ({ readonly type: "ReviseProfile"; readonly changes: ProfileChanges } & Administered)
  /** What a provider tells: it fills what is empty and changes nothing else. */
  | { readonly type: "FillProfile"; readonly values: Profile }
  | RolesCommand
  | StandingCommand;

export type UserOutcome =
  | "signed_up"
  | "created"
  | "admitted"
  | "promoted"
  | "left"
  | "evicted"
  | "merged"
  | "verified"
  | "email_replaced"
  | "username_chosen"
  | "enrolled"
  | "replaced"
  | "rehashed"
  | "linked"
  | "unlinked"
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
  /** The password that was proved is not the present one any more. */
  | "password_moved"
  /** The address that was proved is not the present one any more. */
  | "email_moved"
  /** The person has no such account at a provider. */
  | "unknown_account"
  /** Without it they could not come back. */
  | "last_way_in"
  /** Somebody linked or unlinked one at the same moment. */
  | "accounts_moved"
  | "too_many_accounts"
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
