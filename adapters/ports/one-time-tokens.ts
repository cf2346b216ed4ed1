import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import type { StoreUnavailable } from "./store-unavailable.ts";

export const TOKEN_PURPOSES = [
  "verification",
  "reset",
  "magic-link",
  "email-change",
  "invitation",
  "set-password",
  "appoint-architect",
] as const;

/** What a token opens; a token of one purpose opens nothing else. */
export type TokenPurpose = (typeof TOKEN_PURPOSES)[number];

const DAY_MS = 24 * 60 * 60 * 1000;
/** After its end a row is kept this long, so that the token derived again is still a late one. */
export const TOKEN_KEPT_MS = 30 * DAY_MS;
/** Longer than the life of any token, else one from before would be good again. */
export const WITHDRAWAL_KEPT_MS = 400 * DAY_MS;
/** Rows that one sweep forgets at most: a statement stays short. */
export const SWEEP_MAX = 500;

/** What a token was issued for: the event that caused it, and whom it is about. */
export type Issued = {
  readonly purpose: TokenPurpose;
  /** The user or the invitation, by id. */
  readonly subject: string;
  /** Where the event stands that the token came from. */
  readonly ledger: LedgerName;
  readonly position: number;
  readonly eventId: string;
  /** RFC 3339 in UTC with milliseconds, like `expiresAt`. */
  readonly issuedAt: string;
  readonly expiresAt: string;
};

/** `issuedAt` is when the event happened; now, unless it is said. */
export type Issuing = Omit<Issued, "purpose" | "issuedAt"> & { readonly issuedAt?: string };

/**
 * One-time tokens: volatile rows, swept when they have been expired for a while, shared by all
 * processes.
 *
 * A token is never kept. It is derived from the artefact key and what it was issued for, so it is
 * the same after a restart, and a row that somebody edited fits no token. A row holds its digest.
 *
 * Shape: a token is 43 characters of base64url (256 bits); anything else is simply unknown.
 */
export class OneTimeTokens extends Context.Service<
  OneTimeTokens,
  {
    /** The same values again answer the same token, which stays spent or withdrawn if it was. */
    readonly issue: (
      purpose: TokenPurpose,
      issuing: Issuing,
    ) => Effect.Effect<string, StoreUnavailable>;
    /** What the token would open now; changes nothing. */
    readonly peek: (
      purpose: TokenPurpose,
      token: string,
    ) => Effect.Effect<Issued | undefined, StoreUnavailable>;
    /** Of all who spend it, however many at once, exactly one is answered what it opens. */
    readonly spend: (
      purpose: TokenPurpose,
      token: string,
    ) => Effect.Effect<Issued | undefined, StoreUnavailable>;
    /**
     * Makes worthless what came from an event up to where the ledgers are now, also what is still
     * to be derived from it; without purposes, of every purpose. Position decides, not time: clocks
     * that differ let nothing through.
     */
    readonly withdraw: (
      subject: string,
      purposes?: ReadonlyArray<TokenPurpose>,
    ) => Effect.Effect<void, StoreUnavailable>;
    /** Forgets what expired long ago, a bounded number of rows; answers how many went. */
    readonly sweep: Effect.Effect<number, StoreUnavailable>;
  }
>()("authledger/adapters/ports/OneTimeTokens") {}
