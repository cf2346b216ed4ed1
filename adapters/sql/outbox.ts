import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import {
  OUTBOX_KEPT_MS,
  Outbox,
  type OutboxRow,
  type OutboxState,
  type Queued,
  SWEEP_MAX,
} from "../ports/outbox.ts";
import { StoreUnavailable } from "../ports/store-unavailable.ts";
import { Database } from "./database.ts";

const failed = (cause: unknown) => new StoreUnavailable({ cause });
const timeOf = (ms: number) => new Date(ms).toISOString();

type Stored = Omit<OutboxRow, "code"> & { readonly code: string | null };
const rowOf = ({ code, ...row }: Stored): OutboxRow => (code === null ? row : { ...row, code });

const ROW = `o.id::TEXT AS id, o.ledger, o.position, o.event_id::TEXT AS "eventId", o.template,
  o.recipient, o.state, o.attempts, o.queued_at AS "queuedAt", o.next_at AS "nextAt",
  o.expires_at AS "expiresAt", o.code`;

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

/** Mails to be sent, in a table. */
export const layer: Layer.Layer<Outbox, never, Database> = Layer.effect(
  Outbox,
  Effect.gen(function* () {
    const { query } = yield* Database;
    return {
      put: (rows: ReadonlyArray<Queued>) =>
        rows.length === 0
          ? Effect.void
          : query(put, [JSON.stringify(rows)]).pipe(Effect.mapError(failed), Effect.asVoid),
      claim: ({ limit, leaseMs }) =>
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis;
          const rows = yield* query<Stored>(claim, [timeOf(now), timeOf(now + leaseMs), limit]);
          return rows.map(rowOf);
        }).pipe(Effect.mapError(failed)),
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
        ).pipe(Effect.mapError(failed), Effect.asVoid),
      status: Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis;
        const counted = yield* query<{ state: OutboxState; count: number }>(
          "SELECT state, count(*)::INT AS count FROM authledger.outbox GROUP BY state",
        );
        const [due] = yield* query<{ oldest: string | null }>(
          `SELECT min(next_at) AS oldest FROM authledger.outbox
           WHERE state = 'waiting' AND next_at <= $1`,
          [timeOf(now)],
        );
        const none = { waiting: 0, sent: 0, failed: 0, dropped: 0 };
        const counts = Object.fromEntries(counted.map(({ state, count }) => [state, count]));
        const oldest = due?.oldest ?? undefined;
        return {
          counts: { ...none, ...counts },
          ...(oldest === undefined ? {} : { oldestDueAt: oldest }),
        };
      }).pipe(Effect.mapError(failed)),
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
        }).pipe(Effect.mapError(failed)),
      sweep: Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis;
        const gone = yield* query(
          `DELETE FROM authledger.outbox WHERE (ledger, id) IN (
             SELECT ledger, id FROM authledger.outbox WHERE state <> 'waiting' AND queued_at < $1
             ORDER BY queued_at LIMIT $2) RETURNING 1`,
          [timeOf(now - OUTBOX_KEPT_MS), SWEEP_MAX],
        );
        return gone.length;
      }).pipe(Effect.mapError(failed)),
    };
  }),
);
