import type {
  Device,
  Impersonator,
  SessionEndReason,
  SessionEvent,
  SessionMethod,
} from "../domain/session/mod.ts";
import type { VaultReference } from "../domain/vault-reference.ts";
import type { Projection } from "./projection.ts";

/** A session, kept after its end: who was signed in when is what auditors ask. */
export type SessionRow = {
  readonly id: string;
  readonly userId: string;
  readonly method: SessionMethod;
  readonly credential: VaultReference;
  readonly startedAt: string;
  /** Of its start, in activity. */
  readonly position: number;
  /** The absolute cap. */
  readonly expiresAt: string;
  /** When the person proved again to be who they are. */
  readonly elevatedAt?: string;
  readonly impersonator?: Impersonator;
  readonly endedAt?: string;
  readonly endReason?: SessionEndReason;
} & Device;

/** Answers "is this session still on, and which others has the user?". */
export const sessions: Projection<SessionRow, SessionEvent> = {
  name: "sessions",
  version: 3,
  ledger: "activity",
  gates: true,
  handles: ["SessionStarted", "SessionElevated", "CredentialExchanged", "SessionEnded"],
  keys: (event) => [event.subject],
  evolve: (row, event, key) => {
    switch (event.type) {
      case "SessionStarted": {
        const { userId, method, credential, expiresAt, at, position } = event;
        const { impersonator, browser, system } = event;
        const begun = { id: key, userId, method, credential, startedAt: at, position, expiresAt };
        return {
          ...begun,
          ...(impersonator === undefined ? {} : { impersonator }),
          ...(browser === undefined ? {} : { browser }),
          ...(system === undefined ? {} : { system }),
        };
      }
      case "SessionElevated":
        if (row === undefined || row.endedAt !== undefined) return row;
        return { ...row, credential: event.credential, elevatedAt: event.at };
      case "CredentialExchanged":
        if (row === undefined || row.endedAt !== undefined) return row;
        return { ...row, credential: event.credential };
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
    tags: [`user:${row.userId}`, ...(row.endedAt === undefined ? liveTags(row) : [])],
  }),
};

/** By whose they are and, for who ends what has expired, by the day they began. */
function liveTags({ userId, startedAt, impersonator }: SessionRow): ReadonlyArray<string> {
  return [
    `live:${userId}`,
    `live-since:${startedAt.slice(0, "2026-11-21".length)}`,
    ...(impersonator === undefined ? [] : ["live-impersonation"]),
  ];
}
