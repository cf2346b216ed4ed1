import type { SessionEndReason } from "../session/mod.ts";
import type { UserEvent } from "../user/mod.ts";
import type { Process } from "./process.ts";

/** End every live session of the user, except one. */
export type EndSessionsOf = {
  readonly type: "EndSessionsOf";
  readonly userId: string;
  readonly reason: SessionEndReason;
  /** The session that stays. */
  readonly except?: string;
};

const handles = [
  "UserBlocked",
  "UserErased",
  "GuestLeft",
  "GuestEvicted",
  "IdentityMerged",
  "PasswordEnrolled",
  "PasswordReplaced",
  "PasswordRemoved",
  "ProviderUnlinked",
  "EmailReplaced",
  "UsernameChosen",
  "GuestPromoted",
] as const;

type Ending = Extract<UserEvent, { readonly type: (typeof handles)[number] }>;

/** Whoever was let in under what no longer holds is let out. */
export const endSessions: Process<Ending, EndSessionsOf> = {
  name: "end-sessions",
  ledger: "identity",
  handles,
  react: (event) => {
    const end = { type: "EndSessionsOf", userId: event.subject } as const;
    switch (event.type) {
      case "UserBlocked":
        return [{ ...end, reason: "blocked" }];
      case "UserErased":
      case "GuestLeft":
      case "GuestEvicted":
        return [{ ...end, reason: "erased" }];
      case "IdentityMerged":
        return [{ ...end, reason: "merged" }];
      case "PasswordEnrolled":
      case "PasswordReplaced":
        return [{ ...end, reason: "password-replaced", ...kept(event.session) }];
      case "PasswordRemoved":
        return [{ ...end, reason: "password-removed", ...kept(event.session) }];
      case "ProviderUnlinked":
        return [{ ...end, reason: "provider-unlinked", ...kept(event.session) }];
      case "EmailReplaced":
        return [{ ...end, reason: "email-replaced", ...kept(event.session) }];
      case "UsernameChosen":
        return [{ ...end, reason: "username-chosen", ...kept(event.session) }];
      case "GuestPromoted":
        return [{ ...end, reason: "promoted", ...kept(event.session) }];
      default:
        return event satisfies never;
    }
  },
};

function kept(session: string | undefined) {
  return session === undefined ? {} : { except: session };
}
