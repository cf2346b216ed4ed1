import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { StoreUnavailable } from "./store-unavailable.ts";

/** Rows that one `expire` removes at most: a statement stays short. */
export const NOTICES_EXPIRED_MAX = 500;

/** An application that is to hear that a session is over. */
export type QueuedNotice = {
  /** A UUID derived from the end of the session and the application; the token's `jti`. */
  readonly id: string;
  readonly clientId: string;
  readonly userId: string;
  /** What the application knows the session by. */
  readonly sid: string;
  /** In milliseconds since 1970; it is given up then. */
  readonly expiresAtMs: number;
};

export type LogoutNotice = Omit<QueuedNotice, "expiresAtMs"> & {
  /** Attempts begun, with the one that this claim is for. */
  readonly attempts: number;
};

/**
 * What applications are still to be told: volatile rows beside the ledger that causes them, shared
 * by all processes. A row that was altered is nobody's notice: it is removed and not given out.
 */
export class LogoutNotices extends Context.Service<
  LogoutNotices,
  {
    /** Due at once. A row whose id is there already stays as it is. */
    readonly put: (notices: ReadonlyArray<QueuedNotice>) => Effect.Effect<void, StoreUnavailable>;
    /**
     * One notice of each application that has one due, those that wait longest first, with the
     * attempt that begins counted. It is due again `leaseMs` later: its claimant died.
     */
    readonly claim: (options: {
      readonly limit: number;
      readonly leaseMs: number;
      /** Applications that are left alone now. */
      readonly except: ReadonlyArray<string>;
    }) => Effect.Effect<ReadonlyArray<LogoutNotice>, StoreUnavailable>;
    /** Puts it off. Does nothing when another attempt has begun since. */
    readonly postpone: (
      notice: Pick<LogoutNotice, "id" | "attempts">,
      nextAtMs: number,
    ) => Effect.Effect<void, StoreUnavailable>;
    /** It was heard, or is for nobody any more. */
    readonly remove: (id: string) => Effect.Effect<void, StoreUnavailable>;
    /** Removes those past their end, a bounded number; answers whose they were, one each. */
    readonly expire: Effect.Effect<ReadonlyArray<string>, StoreUnavailable>;
  }
>()("authledger/adapters/ports/LogoutNotices") {}
