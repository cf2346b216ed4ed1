import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import {
  COUNTED_MAX,
  EXPIRED_KEPT_MS,
  FAILING_ATTEMPTS,
  OUTBOX_KEPT_MS,
  Outbox,
  type OutboxRow,
  type OutboxState,
  type Queued,
  SWEEP_MAX,
  UNRECORDED_KEPT_MS,
} from "../ports/outbox.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { Database } from "./database.ts";

const timeOf = (ms: number) => new Date(ms).toISOString();

type Stored = Omit<OutboxRow, "code" | "sentAt"> & {
  readonly code: string | null;
  readonly sentAt: string | null;
};
const rowOf = ({ code, sentAt, ...row }: Stored): OutboxRow => ({
  ...row,
  ...(sentAt === null ? {} : { sentAt }),
  ...(code === null ? {} : { code }),
});

const ROW = `o.id::TEXT AS id, o.ledger, o.position, o.event_id::TEXT AS "eventId", o.template,
  o.recipient, o.state, o.attempts, o.queued_at AS "queuedAt", o.next_at AS "nextAt",
  o.expires_at AS "expiresAt", o.sent_at AS "sentAt", o.code`;

const put = `INSERT INTO authledger.outbox
    (ledger, id, position, event_id, template, recipient, queued_at, next_at, expires_at)
  SELECT r.ledger, r.id, r.position, r."eventId", r.template, r.recipient, r."queuedAt",
    r."queuedAt", r."expiresAt"
  FROM jsonb_to_recordset($1::JSONB) AS r(ledger TEXT, id UUID, position BIGINT, "eventId" UUID,
    template TEXT, recipient TEXT, "queuedAt" TEXT, "expiresAt" TEXT)
  ON CONFLICT DO NOTHING`;

/** What another claimant is just taking is passed over, not waited for. */
const claim = `UPDATE authledger.outbox o SET attempts = o.attempts + 1, next_at = $2
  FROM (SELECT ledger, id FROM authledger.outbox WHERE state = 'waiting' AND next_at <= $1
    ORDER BY next_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS due
  WHERE o.ledger = due.ledger AND o.id = due.id RETURNING ${ROW}`;

/** Each part by an index that holds what waits alone, the conditions written as in the index. */
const STATUS = `SELECT
  (SELECT count(*)::INT FROM (SELECT 1 FROM authledger.outbox
    WHERE state = 'waiting' LIMIT $1) AS w) AS waiting,
  (SELECT count(*)::INT FROM (SELECT 1 FROM authledger.outbox
    WHERE state = 'waiting' AND code IS NOT NULL AND attempts >= ${FAILING_ATTEMPTS}
      AND sent_at IS NULL LIMIT $1) AS f) AS failing,
  (SELECT min(queued_at) FROM authledger.outbox
    WHERE state = 'waiting' AND code IS NULL AND sent_at IS NULL) AS "untriedSince"`;

const STATES: ReadonlyArray<OutboxState> = ["waiting", "sent", "failed", "dropped"];
/** The states are written out, so that each is planned for how many there are of it. */
const COUNTS = STATES.map(
  (state) => `SELECT '${state}' AS state, (SELECT count(*)::INT FROM (SELECT 1
    FROM authledger.outbox WHERE state = '${state}' LIMIT $1) AS c) AS count`,
).join(" UNION ALL ");

/** What a sender is just taking is left to it. */
const END = `UPDATE authledger.outbox o SET state = 'failed',
    code = CASE WHEN o.sent_at IS NULL THEN 'expired' ELSE 'unrecorded' END
  FROM (SELECT ledger, id FROM authledger.outbox WHERE state = 'waiting' AND expires_at < $1
      AND (sent_at IS NULL OR expires_at < $2)
    ORDER BY expires_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS late
  WHERE o.ledger = late.ledger AND o.id = late.id RETURNING 1`;

/** Mails to be sent, in a table. */
export const layer: Layer.Layer<Outbox, never, Database> = Layer.effect(
  Outbox,
  Effect.gen(function* () {
    const { query } = yield* Database;
    return {
      put: (rows: ReadonlyArray<Queued>) =>
        rows.length === 0
          ? Effect.void
          : query(put, [JSON.stringify(rows)]).pipe(
              Effect.mapError(storeUnavailable),
              Effect.asVoid,
            ),
      claim: ({ limit, leaseMs }) =>
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis;
          const rows = yield* query<Stored>(claim, [timeOf(now), timeOf(now + leaseMs), limit]);
          return rows.map(rowOf);
        }).pipe(Effect.mapError(storeUnavailable)),
      noteSent: ({ ledger, id }) =>
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis;
          yield* query(
            `UPDATE authledger.outbox SET sent_at = coalesce(sent_at, $3)
             WHERE ledger = $1 AND id = $2`,
            [ledger, id, timeOf(now)],
          );
        }).pipe(Effect.mapError(storeUnavailable)),
      settle: ({ ledger, id, attempts }, settlement) =>
        query(
          `UPDATE authledger.outbox SET state = $4, code = $5, next_at = coalesce($6, next_at)
           WHERE ledger = $1 AND id = $2 AND attempts = $3 AND state = 'waiting'`,
          [
            ledger,
            id,
            attempts,
            settlement.state,
            "code" in settlement ? settlement.code : null,
            "nextAt" in settlement ? settlement.nextAt : null,
          ],
        ).pipe(Effect.mapError(storeUnavailable), Effect.asVoid),
      status: query<{ waiting: number; failing: number; untriedSince: string | null }>(STATUS, [
        COUNTED_MAX,
      ]).pipe(
        Effect.map(([row]) => {
          const { waiting = 0, failing = 0, untriedSince = null } = row ?? {};
          return { waiting, failing, ...(untriedSince === null ? {} : { untriedSince }) };
        }),
        Effect.mapError(storeUnavailable),
      ),
      counts: query<{ state: OutboxState; count: number }>(COUNTS, [COUNTED_MAX]).pipe(
        Effect.map((rows) => {
          const none = { waiting: 0, sent: 0, failed: 0, dropped: 0 };
          return { ...none, ...Object.fromEntries(rows.map((row) => [row.state, row.count])) };
        }),
        Effect.mapError(storeUnavailable),
      ),
      list: ({ state, recipient, limit, cursor }) =>
        Effect.gen(function* () {
          const [queuedAt = null, id = null] = cursor?.split("_") ?? [];
          const rows = yield* query<Stored>(
            `SELECT ${ROW} FROM authledger.outbox o
             WHERE ($1::TEXT IS NULL OR o.state = $1)
               AND ($2::TEXT IS NULL OR (o.queued_at, o.id) < ($2, $3::UUID))
               AND ($5::TEXT IS NULL OR o.recipient = $5)
             ORDER BY o.queued_at DESC, o.id DESC LIMIT $4`,
            [state ?? null, queuedAt, id, limit + 1, recipient ?? null],
          );
          const items = rows.slice(0, limit).map(rowOf);
          const last = rows.length > limit ? items.at(-1) : undefined;
          return last === undefined
            ? { items }
            : { items, nextCursor: `${last.queuedAt}_${last.id}` };
        }).pipe(Effect.mapError(storeUnavailable)),
      sweep: Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis;
        const gone = yield* query(
          `DELETE FROM authledger.outbox WHERE (ledger, id) IN (
             SELECT ledger, id FROM authledger.outbox WHERE state <> 'waiting' AND queued_at < $1
             ORDER BY queued_at LIMIT $2) RETURNING 1`,
          [timeOf(now - OUTBOX_KEPT_MS), SWEEP_MAX],
        );
        const ended = yield* query(END, [
          timeOf(now - EXPIRED_KEPT_MS),
          timeOf(now - UNRECORDED_KEPT_MS),
          SWEEP_MAX,
        ]);
        return gone.length + ended.length;
      }).pipe(Effect.mapError(storeUnavailable)),
    };
  }),
);
