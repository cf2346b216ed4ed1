import { EVERYBODY, type RevocationEvent } from "../revocation/mod.ts";
import type { Process } from "./process.ts";

/** Mark sessions that one revocation ended: those of one user, or without one of everybody. */
export type EndRevokedSessions = {
  readonly type: "EndRevokedSessions";
  readonly userId?: string;
  /** The session that stays. */
  readonly except?: string;
};

/** Whoever was signed out by one fact is signed out by a fact of their own session too. */
export const endRevokedSessions: Process<RevocationEvent, EndRevokedSessions> = {
  name: "end-revoked-sessions",
  ledger: "activity",
  handles: ["SessionsRevoked"],
  react: ({ subject, except }) => [
    {
      type: "EndRevokedSessions",
      ...(subject === EVERYBODY ? {} : { userId: subject }),
      ...(except === undefined ? {} : { except }),
    },
  ],
};
