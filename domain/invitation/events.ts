import type { Sealed } from "../sealed.ts";

/**
 * Facts about one invitation to sign up, in the stream of its id. Stored for ever: never rename or
 * re-mean, only add. What ends it destroys the key that its address is sealed under.
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
