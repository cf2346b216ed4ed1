import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { deriveToken, isToken, isTokenOf, tokenDigest } from "../crypto/one-time-token.ts";
import { Keyring } from "../ports/keyring.ts";
import {
  type Issued,
  OneTimeTokens,
  SWEEP_MAX,
  TOKEN_KEPT_MS,
  TOKEN_PURPOSES,
  WITHDRAWAL_KEPT_MS,
} from "../ports/one-time-tokens.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { Database } from "./database.ts";

const now = Effect.map(Clock.currentTimeMillis, (ms) => ({ ms, at: timeOf(ms) }));
const timeOf = (ms: number) => new Date(ms).toISOString();

const ISSUED = `t.purpose, t.subject, t.ledger, t.position, t.event_id::TEXT AS "eventId",
  t.issued_at AS "issuedAt", t.expires_at AS "expiresAt"`;

/** Good now: neither spent, nor late, nor withdrawn. $1 digest, $2 purpose, $3 the time. */
const GOOD = `t.ledger IN ('identity', 'activity') AND t.digest = $1 AND t.purpose = $2
  AND t.spent_at IS NULL AND t.expires_at > $3 AND NOT EXISTS (
    SELECT 1 FROM authledger.token_withdrawals w WHERE w.ledger = t.ledger
      AND w.subject = t.subject AND w.purpose = t.purpose AND w.up_to >= t.position)`;

/** Up to where both ledgers are now; in one order, so that two at once wait for each other. */
const WITHDRAW = `INSERT INTO authledger.token_withdrawals AS w
    (ledger, subject, purpose, up_to, withdrawn_at)
  SELECT h.ledger, $1, p.purpose, h.position, $3
  FROM authledger.heads h CROSS JOIN unnest($2::TEXT[]) AS p(purpose)
  WHERE h.ledger IN ('identity', 'activity') ORDER BY h.ledger, p.purpose
  ON CONFLICT (ledger, subject, purpose) DO UPDATE SET
    up_to = greatest(w.up_to, excluded.up_to),
    withdrawn_at = greatest(w.withdrawn_at, excluded.withdrawn_at)`;

/** One-time tokens in a table. */
export const layer: Layer.Layer<OneTimeTokens, never, Database | Keyring> = Layer.effect(
  OneTimeTokens,
  Effect.gen(function* () {
    const { query } = yield* Database;
    const keyring = yield* Keyring;
    const found =
      (statement: string): OneTimeTokens["Service"]["peek"] =>
      (purpose, token) =>
        Effect.gen(function* () {
          if (!isToken(token)) return undefined;
          const { at } = yield* now;
          const [issued] = yield* query<Issued>(statement, [tokenDigest(token), purpose, at]);
          if (issued === undefined || !isTokenOf(keyring, purpose, { token, issued })) {
            return undefined;
          }
          return issued;
        }).pipe(Effect.mapError(storeUnavailable));
    return {
      issue: (purpose, issuing) =>
        Effect.gen(function* () {
          const token = deriveToken(keyring, purpose, issuing);
          const { subject, ledger, position, eventId, expiresAt } = issuing;
          const issuedAt = issuing.issuedAt ?? (yield* now).at;
          yield* query(
            `INSERT INTO authledger.one_time_tokens
               (ledger, digest, purpose, subject, position, event_id, issued_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
            [ledger, tokenDigest(token), purpose, subject, position, eventId, issuedAt, expiresAt],
          );
          return token;
        }).pipe(Effect.mapError(storeUnavailable)),
      peek: found(`SELECT ${ISSUED} FROM authledger.one_time_tokens t WHERE ${GOOD}`),
      spend: found(
        `UPDATE authledger.one_time_tokens t SET spent_at = $3 WHERE ${GOOD} RETURNING ${ISSUED}`,
      ),
      withdraw: (subject, purposes = TOKEN_PURPOSES) =>
        Effect.gen(function* () {
          const { at } = yield* now;
          yield* query(WITHDRAW, [subject, [...purposes], at]);
        }).pipe(Effect.mapError(storeUnavailable)),
      sweep: Effect.gen(function* () {
        const { ms } = yield* now;
        const tokens = yield* query(
          `DELETE FROM authledger.one_time_tokens WHERE (ledger, digest) IN (
             SELECT ledger, digest FROM authledger.one_time_tokens WHERE expires_at < $1
             ORDER BY expires_at LIMIT $2) RETURNING 1`,
          [timeOf(ms - TOKEN_KEPT_MS), SWEEP_MAX],
        );
        const withdrawals = yield* query(
          `DELETE FROM authledger.token_withdrawals WHERE (ledger, subject, purpose) IN (
             SELECT ledger, subject, purpose FROM authledger.token_withdrawals
             WHERE withdrawn_at < $1 ORDER BY withdrawn_at LIMIT $2) RETURNING 1`,
          [timeOf(ms - WITHDRAWAL_KEPT_MS), SWEEP_MAX],
        );
        return tokens.length + withdrawals.length;
      }).pipe(Effect.mapError(storeUnavailable)),
    };
  }),
);
