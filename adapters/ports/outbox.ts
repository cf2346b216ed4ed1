import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import type { MailTemplate } from "../../domain/mail/mod.ts";
import type { StoreUnavailable } from "./store-unavailable.ts";

/** What was settled is shown for this long. */
export const OUTBOX_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/**
 * What waits this long past its end is given up by a sweep: a sender that runs has done so before.
 */
export const EXPIRED_KEPT_MS = 10 * 60 * 1000;
/** The same of a mail that went and is only to be put on record: longer than that is tried. */
export const UNRECORDED_KEPT_MS = 2 * 24 * 60 * 60 * 1000;
/** Nobody needs to know more exactly, and counting on would read every row. */
export const COUNTED_MAX = 10_000;
/** One refusal may be about a mail; whoever is refused again is held up. */
export const FAILING_ATTEMPTS = 2;
/** Rows that one sweep forgets at most: a statement stays short. */
export const SWEEP_MAX = 500;

/**
 * `waiting` is tried again when `nextAt` comes; `dropped` is for nobody any more (verified
 * meanwhile, erased); `failed` was not taken, came too late, or could never be put on record.
 */
export type OutboxState = "waiting" | "sent" | "failed" | "dropped";

/**
 * One mail to one recipient. It names an event and holds no address, token or other personal data.
 *
 * Shape: times RFC 3339 in UTC with milliseconds.
 */
export type OutboxRow = {
  /** A UUID derived from event, template and recipient; also the mail's stream and Message-ID. */
  readonly id: string;
  readonly ledger: LedgerName;
  readonly position: number;
  readonly eventId: string;
  readonly template: MailTemplate;
  /** The user or the invitation, by id. */
  readonly recipient: string;
  readonly state: OutboxState;
  /** Attempts begun; 0 before the first. */
  readonly attempts: number;
  readonly queuedAt: string;
  readonly nextAt: string;
  /** After it the mail is not sent and its link is worth nothing. */
  readonly expiresAt: string;
  /** When the mail server took it: while the row waits, it is only to be put on record. */
  readonly sentAt?: string;
  /** What became of the last attempt, when it was not sent or not put on record. */
  readonly code?: string;
};

export type Queued = Omit<OutboxRow, "state" | "attempts" | "nextAt" | "sentAt" | "code">;

/** What one attempt came to. */
export type Settlement =
  | { readonly state: "sent" }
  | { readonly state: "waiting"; readonly nextAt: string; readonly code: string }
  | { readonly state: "failed" | "dropped"; readonly code: string };

/** Shape: counts are exact up to COUNTED_MAX, and that for more. */
export type OutboxStatus = {
  readonly waiting: number;
  /** Of them, those that were not taken at FAILING_ATTEMPTS attempts or more. */
  readonly failing: number;
  /** When the longest waiting of those was queued of which no attempt has come to anything. */
  readonly untriedSince?: string;
};

export type OutboxCounts = { readonly [state in OutboxState]: number };

export type OutboxPage = {
  readonly items: ReadonlyArray<OutboxRow>;
  readonly nextCursor?: string;
};

/** Mails to be sent: volatile rows beside the ledger that causes them, shared by all processes. */
export class Outbox extends Context.Service<
  Outbox,
  {
    /** A row whose id is there already stays as it is. */
    readonly put: (rows: ReadonlyArray<Queued>) => Effect.Effect<void, StoreUnavailable>;
    /**
     * Rows that are due, each to one claimant alone, with the attempt that begins counted. A row
     * that is not settled is due again `leaseMs` later: its claimant died.
     */
    readonly claim: (options: {
      readonly limit: number;
      readonly leaseMs: number;
    }) => Effect.Effect<ReadonlyArray<OutboxRow>, StoreUnavailable>;
    /** The mail server took it, just now; true also when another attempt has begun since. */
    readonly noteSent: (
      row: Pick<OutboxRow, "ledger" | "id">,
    ) => Effect.Effect<void, StoreUnavailable>;
    /** Does nothing when another attempt has begun since. */
    readonly settle: (
      row: Pick<OutboxRow, "ledger" | "id" | "attempts">,
      settlement: Settlement,
    ) => Effect.Effect<void, StoreUnavailable>;
    /** What a probe asks every few seconds: reads rows that wait, and none of those that went. */
    readonly status: Effect.Effect<OutboxStatus, StoreUnavailable>;
    /** By state, each up to COUNTED_MAX. */
    readonly counts: Effect.Effect<OutboxCounts, StoreUnavailable>;
    /** Newest first. */
    readonly list: (query: {
      readonly state?: OutboxState;
      readonly recipient?: string;
      readonly limit: number;
      readonly cursor?: string;
    }) => Effect.Effect<OutboxPage, StoreUnavailable>;
    /**
     * Forgets what was settled long ago and settles as failed what waits past its end, a bounded
     * number of rows; answers how many.
     */
    readonly sweep: Effect.Effect<number, StoreUnavailable>;
  }
>()("authledger/adapters/ports/Outbox") {}
