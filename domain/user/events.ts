import type { Sealed } from "../sealed.ts";
import type { VaultReference } from "../vault-reference.ts";

/** The personal values that a person or an admin revises; the e-mail has its own life. */
export type ProfileField = "name" | "image" | "locale" | "timezone" | "bio" | "phone" | "address";

/** New values of some fields; `null` clears one. */
export type ProfileChanges = { readonly [field in ProfileField]?: Sealed | null };

/** Which door made a guest a user. */
export type PromotionMethod = "password" | "magic-link" | "provider";

/**
 * Facts about one person or guest, in the stream of their id. Stored for ever: never rename or
 * re-mean, only add.
 *
 * Shape: times RFC 3339 in UTC with milliseconds; ids lower-case UUIDs; roles by name. A `session`
 * is the one that it was done from, which alone outlives it.
 */
export type UserEvent = BeginningEvent | WayInEvent | StandingEvent | EndingEvent;

/** An identity comes to be. */
export type BeginningEvent =
  | {
      readonly type: "UserSignedUp";
      /** Absent when they came from a provider that tells none, or none that it vouches for. */
      readonly email?: Sealed;
      readonly name?: Sealed;
      readonly roles: ReadonlyArray<string>;
    }
  /** An administrator or an import made the account; the person brings a way in later. */
  | {
      readonly type: "UserCreated";
      readonly email?: Sealed;
      readonly username?: Sealed;
      readonly name?: Sealed;
      readonly roles: ReadonlyArray<string>;
      /** Somebody vouches that the address is theirs. */
      readonly emailVerified: boolean;
      /** Since when the source of an import says that they exist. */
      readonly claimedAt?: string;
    }
  /** An identity without a form: its only role is guest until it is promoted. */
  | { readonly type: "GuestAdmitted" };

/** How a person is known, and what lets them in. */
export type WayInEvent =
  /** The same id became a user: role guest went, role user came, everything attached stayed. */
  | {
      readonly type: "GuestPromoted";
      readonly email?: Sealed;
      readonly name?: Sealed;
      readonly method: PromotionMethod;
      readonly session?: string;
    }
  /** Whoever reads the mail of the present address is this person. */
  | { readonly type: "EmailVerified" }
  /** A new address, proved by a mail to it. */
  | {
      readonly type: "EmailReplaced";
      readonly email: Sealed;
      readonly previous?: Sealed;
      readonly session?: string;
    }
  | { readonly type: "UsernameChosen"; readonly username: Sealed; readonly session?: string }
  | {
      readonly type: "PasswordEnrolled";
      readonly accountId: string;
      readonly password: VaultReference;
      readonly session?: string;
    }
  | {
      readonly type: "PasswordReplaced";
      readonly accountId: string;
      readonly password: VaultReference;
      readonly session?: string;
    }
  /** It had been set before the address was proved, and the proof came without it. */
  | { readonly type: "PasswordRemoved"; readonly accountId: string; readonly session?: string }
  /** The same password under our own scheme: imported hashes are replaced at the next sign-in. */
  | {
      readonly type: "PasswordRehashed";
      readonly accountId: string;
      readonly password: VaultReference;
    }
  | {
      readonly type: "ProviderLinked";
      readonly accountId: string;
      /** The id of a provider, such as `google`. */
      readonly provider: string;
      /** Who they are there: the provider's own subject identifier. */
      readonly providerSubject: Sealed;
      readonly claimedAt?: string;
    }
  /** They come in by it no more; the subject is anybody's to link again. */
  | {
      readonly type: "ProviderUnlinked";
      readonly accountId: string;
      readonly provider: string;
      readonly session?: string;
    }
  | ({ readonly type: "ProfileRevised" } & ProfileChanges);

/** What an identity may. */
export type StandingEvent =
  | { readonly type: "RoleGranted"; readonly role: string }
  | { readonly type: "RoleRevoked"; readonly role: string }
  /**
   * From now on nobody acts as this user, until the time if there is one. Replaces an earlier
   * block.
   */
  | { readonly type: "UserBlocked"; readonly reason?: Sealed; readonly until?: string }
  | { readonly type: "UserUnblocked" };

/**
 * Nothing follows these. The data key went in the same transaction; they name what was held, so
 * that read models let go.
 */
export type EndingEvent =
  | {
      readonly type: "UserErased";
      readonly accounts: ReadonlyArray<string>;
      readonly roles: ReadonlyArray<string>;
    }
  /** A guest went by their own will. */
  | { readonly type: "GuestLeft"; readonly roles: ReadonlyArray<string> }
  /** The longest idle guest made room. */
  | { readonly type: "GuestEvicted"; readonly roles: ReadonlyArray<string> }
  /** The guest turned out to have an account, which answers for what the guest did. */
  | {
      readonly type: "IdentityMerged";
      readonly into: string;
      readonly roles: ReadonlyArray<string>;
    };
