import type { RevocationEvent } from "../domain/revocation/mod.ts";
import type { Projection } from "./projection.ts";
import type { SessionRow } from "./sessions.ts";

/** The last time that all sessions of somebody, or of everybody, were ended at once. */
export type RevocationRow = {
  /** A user's id, or `all`. */
  readonly id: string;
  /** In activity: sessions that began at a smaller one are over. */
  readonly position: number;
  readonly at: string;
  /** The session that stays. */
  readonly except?: string;
};

/** Answers "was this session ended together with all others?". */
export const revocations: Projection<RevocationRow, RevocationEvent> = {
  name: "revocations",
  version: 1,
  ledger: "activity",
  gates: true,
  handles: ["SessionsRevoked"],
  keys: (event) => [event.subject],
  evolve: (_row, { position, at, except }, key) => ({
    id: key,
    position,
    at,
    ...(except === undefined ? {} : { except }),
  }),
  index: ({ id }) => ({ sort: id, tags: [] }),
};

/** Whether a revocation covers a session of the one whom it is about. */
export function revokes(
  row: RevocationRow | undefined,
  session: Pick<SessionRow, "id" | "position">,
): boolean {
  return row !== undefined && session.position < row.position && session.id !== row.except;
}
