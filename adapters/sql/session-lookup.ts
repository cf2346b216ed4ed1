import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Metric from "effect/Metric";
import type { JsonObject } from "../../domain/json.ts";
import { EVERYBODY } from "../../domain/revocation/mod.ts";
import type { VaultRow, WrappedDataKey } from "../ports/ledger.ts";
import { Parked } from "../ports/read-models.ts";
import { type FoundSession, SessionLookup, type StandingSession } from "../ports/session-lookup.ts";
import { StoreUnavailable } from "../ports/store-unavailable.ts";
import { Traced } from "../ports/traced.ts";
import { Database } from "./database.ts";
import { together } from "./together.ts";

type Joined = {
  readonly key: string;
  readonly session: JsonObject;
  readonly user: JsonObject | null;
  readonly user_id: string;
  readonly v_id: string | null;
  readonly v_kind: string;
  readonly v_owner: string;
  readonly v_version: number;
  readonly v_ciphertext: Uint8Array;
  readonly k_owner: string | null;
  readonly k_generation: number;
  readonly k_version: number;
  readonly k_wrapped: Uint8Array;
  readonly parked_model: string | null;
  readonly parked_position: number;
  readonly seen_at: number | null;
  readonly signed_in_at: number | null;
  readonly revoked: boolean;
  readonly i_session: JsonObject | null;
  readonly i_user: JsonObject | null;
  readonly i_seen_at: number | null;
  readonly i_revoked: boolean;
};

/** Whether one fact ended the session `alias` with all others of its user, or of everybody. */
const revoked = (alias: string) => `EXISTS (SELECT FROM authledger.revocations r
    WHERE r.key IN ('${EVERYBODY}', ${alias}.row->>'userId')
      AND (r.row->>'position')::BIGINT > (${alias}.row->>'position')::BIGINT
      AND r.row->>'except' IS DISTINCT FROM ${alias}.key)`;

/**
 * Look-ups by primary key, for many sessions in one round trip. What few sessions need is asked for
 * each of them (`LIMIT`), never joined: a plan that was made when tables were small would read
 * all of them.
 */
const FIND = `SELECT s.key, s.row AS session, u.row AS user, s.row->>'userId' AS user_id,
    v.id AS v_id, v.kind AS v_kind, v.owner AS v_owner, v.version AS v_version,
    v.ciphertext AS v_ciphertext,
    k.owner AS k_owner, k.generation AS k_generation, k.key_version AS k_version,
    k.wrapped AS k_wrapped, p.name AS parked_model, p.position AS parked_position,
    t.at AS seen_at, w.at AS signed_in_at, ${revoked("s")} AS revoked,
    i.session AS i_session, i.user AS i_user, i.seen_at AS i_seen_at, i.revoked AS i_revoked
  FROM authledger.sessions s
  LEFT JOIN authledger.users u ON u.key = s.row->>'userId'
  LEFT JOIN authledger.vault v ON v.ledger = 'activity' AND v.id = s.key
  LEFT JOIN authledger.stamps t ON t.ledger = 'activity' AND t.kind = 'session' AND t.id = s.key
  LEFT JOIN authledger.stamps w ON w.ledger = 'activity' AND w.kind = 'sign-in'
    AND w.id = s.row->>'userId'
  LEFT JOIN LATERAL (SELECT * FROM authledger.data_keys d
    WHERE d.ledger = 'identity' AND d.owner = 'user:' || (s.row->>'userId')
    ORDER BY d.generation DESC LIMIT 1) k ON TRUE
  LEFT JOIN LATERAL (SELECT o.row AS session, iu.row AS user, it.at AS seen_at,
      ${revoked("o")} AS revoked
    FROM authledger.sessions o
    LEFT JOIN authledger.users iu ON iu.key = o.row->>'userId'
    LEFT JOIN authledger.stamps it
      ON it.ledger = 'activity' AND it.kind = 'session' AND it.id = o.key
    WHERE o.key = s.row->'impersonator'->>'sessionId' LIMIT 1) i ON s.row ? 'impersonator'
  LEFT JOIN LATERAL (SELECT p.name, p.position FROM authledger.parked p
    JOIN authledger.cursors c ON c.ledger = p.ledger AND c.name = p.name AND c.build = p.build
      AND c.active
    WHERE p.ledger = 'identity'
      AND ((p.name = 'sessions' AND p.key IN (s.key, s.row->'impersonator'->>'sessionId'))
        OR (p.name = 'users'
          AND p.key IN (s.row->>'userId', s.row->'impersonator'->>'userId'))) LIMIT 1) p ON TRUE
  WHERE s.key = ANY ($1::TEXT[]) AND s.row IS NOT NULL`;

/** Their quotient says how many requests share a statement. */
const LOOKUPS = Metric.counter("authledger_session_lookups_total", {
  description: "Requests that looked a session up",
});
const STATEMENTS = Metric.counter("authledger_session_lookup_statements_total", {
  description: "Statements that answered them",
});

/** The session look-up as one statement over the shared tables; requests at once share it. */
export const layer: Layer.Layer<SessionLookup, never, Database> = Layer.effect(
  SessionLookup,
  Effect.gen(function* () {
    const { query } = yield* Database;
    const context = yield* Effect.context<never>();
    const look = yield* together((keys: ReadonlyArray<string>) => {
      STATEMENTS.updateUnsafe(1, context);
      return query<Joined>(FIND, [keys]).pipe(
        Effect.mapError((cause) => new StoreUnavailable({ cause })),
        Effect.map((rows) => new Map(rows.map((row) => [row.key, row]))),
      );
    });
    const find = Effect.fnUntraced(function* (sessionId: string) {
      LOOKUPS.updateUnsafe(1, context);
      const row = yield* look(sessionId);
      if (row === undefined) return undefined;
      if (row.parked_model !== null) {
        const { parked_model: model, parked_position: position } = row;
        return yield* new Parked({ model, key: sessionId, position });
      }
      const { session, user } = row;
      return {
        session,
        user: user ?? undefined,
        vault: vaultOf(row),
        dataKey: keyOf(row),
        lastSeenMs: row.seen_at ?? undefined,
        lastSignInMs: row.signed_in_at ?? undefined,
        revoked: row.revoked,
        impersonator: impersonatorOf(row),
      } satisfies FoundSession;
    });
    const traced = (id: string) => Effect.withSpan(find(id), "session look-up");
    return SessionLookup.of({ find: (yield* Traced) ? traced : find });
  }),
);

function impersonatorOf(row: Joined): StandingSession | undefined {
  const { i_session: session, i_user: user, i_seen_at, i_revoked } = row;
  if (session === null) return undefined;
  const lastSeenMs = i_seen_at ?? undefined;
  return { session, user: user ?? undefined, lastSeenMs, revoked: i_revoked };
}

function vaultOf(row: Joined): VaultRow | undefined {
  if (row.v_id === null) return undefined;
  const { v_id: id, v_kind: kind, v_owner: owner, v_version: version, v_ciphertext } = row;
  return { id, kind, owner, version, ciphertext: v_ciphertext };
}

function keyOf(row: Joined): WrappedDataKey | undefined {
  if (row.k_owner === null) return undefined;
  const { k_generation: generation, k_version: keyVersion, k_wrapped: wrapped } = row;
  return { owner: `user:${row.user_id}`, generation, keyVersion, wrapped };
}
