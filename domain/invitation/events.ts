import type { Sealed } from "../sealed.ts";

/**
 * Facts about one invitation to sign up, in the stream of its id. Stored for ever: never rename or
 * re-mean, only add. The key that its address is sealed under goes with what ends it: a withdrawal,
 * a lapse, or the account of whoever accepted it.
 */
export type InvitationEvent =
  | {
      readonly type: "InvitationIssued";
      readonly email: Sealed;
      /** Beside `user`. */
      readonly roles: ReadonlyArray<string>;
      /** RFC 3339 in UTC with milliseconds. */
      readonly expiresAt: string;
    }
  | { readonly type: "InvitationAccepted"; readonly userId: string }
  | { readonly type: "InvitationWithdrawn" }
  | { readonly type: "InvitationLapsed" };
