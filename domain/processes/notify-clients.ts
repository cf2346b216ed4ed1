import type { SessionEvent } from "../session/mod.ts";
import type { Process } from "./process.ts";

/** Tell every application that somebody was signed in at by a session that it is over. */
export type NotifyClients = { readonly type: "NotifyClients"; readonly sessionId: string };

type SessionEnded = Extract<SessionEvent, { readonly type: "SessionEnded" }>;

/**
 * Whyever a session ended, its applications hear of it.
 *
 * Source: OpenID Connect Back-Channel Logout 1.0.
 */
export const notifyClients: Process<SessionEnded, NotifyClients> = {
  name: "notify-clients",
  ledger: "activity",
  handles: ["SessionEnded"],
  react: ({ subject }) => [{ type: "NotifyClients", sessionId: subject }],
};
