/** Why a sign-in was not let through. */
export type SignInRejection =
  | "unknown-identifier"
  | "no-password"
  | "wrong-password"
  | "blocked"
  | "email-unverified"
  | "erased";

/** What is counted where sign-ins are tried. */
export type SignInBucket = "sign-in" | "set-up";

/**
 * What strangers caused at the door. Stored in the activity ledger: never rename or re-mean, only
 * add. What they typed is not here: it may be a password, or somebody's address.
 */
export type SignInEvent =
  | {
      readonly type: "SignInRejected";
      /** Whose account the identifier names; absent when it names none. */
      readonly userId?: string;
      readonly reason: SignInRejection;
    }
  /** The first refusal of a window; those after it are not told. */
  | { readonly type: "SignInThrottled"; readonly bucket: SignInBucket };
