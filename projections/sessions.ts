import type { SessionEndReason, SessionEvent, SessionMethod } from "../domain/session/mod.ts";
import type { VaultReference } from "../domain/vault-reference.ts";
import type { Projection } from "./projection.ts";

/** A session, kept after its end: who was signed in when is what auditors ask. */
export type SessionRow = {
  readonly id: string;
  readonly userId: string;
  readonly method: SessionMethod;
  readonly credential: VaultReference;
  readonly startedAt: string;
  readonly expiresAt: string;
  /** When the person proved again to be who they are. */
  readonly elevatedAt?: string;
  readonly endedAt?: string;
  readonly endReason?: SessionEndReason;
};

/** Answers "is this session still on, and which others has the user?". */
export const sessions: Projection<SessionRow, SessionEvent> = {
  name: "sessions",
  version: 1,
  ledger: "activity",
  gates: true,
  handles: ["SessionStarted", "SessionEnded"],
  keys: (event) => [event.subject],
  evolve: (row, event, key) => {
    switch (event.type) {
      case "SessionStarted": {
        const { userId, method, credential, expiresAt, at } = event;
        return { id: key, userId, method, credential, startedAt: at, expiresAt };
      }
      case "SessionEnded":
        if (row === undefined || row.endedAt !== undefined) return row;
        return { ...row, endedAt: event.at, endReason: event.reason };
      default:
        event satisfies never;
        return row;
    }
  },
  index: (row) => ({
    sort: row.startedAt,
    tags: [`user:${row.userId}`, ...(row.endedAt === undefined ? [`live:${row.userId}`] : [])],
  }),
};
