import type { WrappedDataKey } from "../../adapters/ports/ledger.ts";
import type { SessionRow } from "../../projections/sessions.ts";
import type { UserRow } from "../../projections/users.ts";

/** Who is asking: a live session of somebody who may act now, as the shared tables have it. */
export type Caller = {
  readonly userId: string;
  readonly sessionId: string;
  readonly user: UserRow;
  readonly session: SessionRow;
  readonly dataKey: WrappedDataKey | undefined;
  /** When a request last came with the session, and when the person last signed in: volatile. */
  readonly lastSeenMs: number | undefined;
  readonly lastSignInMs: number | undefined;
  /** When this request asked who they are. */
  readonly askedAtMs: number;
  /** Who really acts, in a session that somebody started in this person's name. */
  readonly impersonator?: { readonly userId: string; readonly sessionId: string };
};
