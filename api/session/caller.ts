import type { WrappedDataKey } from "../../adapters/ports/ledger.ts";
import type { SessionRow } from "../../projections/sessions.ts";
import type { UserRow } from "../../projections/users.ts";

/** What came instead of a session: an access token for our own API. */
export type CallerToken = {
  readonly clientId: string;
  /** What the token says, as far as the client may still have it. */
  readonly scopes: ReadonlySet<string>;
  /** Nobody but the client itself acts. */
  readonly isMachine: boolean;
};

/** Who is asking, as the shared tables have them: somebody who may act now. */
export type Caller = {
  /** Of a machine the id of its client. */
  readonly userId: string;
  readonly user: UserRow;
  readonly dataKey: WrappedDataKey | undefined;
  /** When this request asked who they are. */
  readonly askedAtMs: number;
  /** Who really acts, in a session that somebody started in this person's name. */
  readonly impersonator?: { readonly userId: string; readonly sessionId: string };
  readonly token?: CallerToken;
};

/** Who is asking by a live session. */
export type SessionCaller = Caller & {
  readonly sessionId: string;
  readonly session: SessionRow;
  /** When a request last came with the session, and when the person last signed in: volatile. */
  readonly lastSeenMs: number | undefined;
  readonly lastSignInMs: number | undefined;
  readonly token?: never;
};

/** The caller, when they came with a session. */
export function sessionOf(caller: Caller | undefined): SessionCaller | undefined {
  return caller !== undefined && "session" in caller ? (caller as SessionCaller) : undefined;
}
