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

type Ending = Extract<
  UserEvent,
  { readonly type: "UserBlocked" | "UserErased" | "PasswordReplaced" | "GuestPromoted" }
>;

/** Whoever was let in under what no longer holds is let out. */
export const endSessions: Process<Ending, EndSessionsOf> = {
  name: "end-sessions",
  ledger: "identity",
  handles: ["UserBlocked", "UserErased", "PasswordReplaced", "GuestPromoted"],
  react: (event) => {
    const end = { type: "EndSessionsOf", userId: event.subject } as const;
    switch (event.type) {
      case "UserBlocked":
        return [{ ...end, reason: "blocked" }];
      case "UserErased":
        return [{ ...end, reason: "erased" }];
      case "PasswordReplaced":
        return [{ ...end, reason: "password-replaced", ...kept(event.session) }];
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
