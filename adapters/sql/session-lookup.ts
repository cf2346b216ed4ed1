import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Metric from "effect/Metric";
import type { JsonObject } from "../../domain/json.ts";
import type { VaultRow, WrappedDataKey } from "../ports/ledger.ts";
import { Parked } from "../ports/read-models.ts";
import { type FoundSession, SessionLookup, type StandingSession } from "../ports/session-lookup.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { Traced } from "../ports/traced.ts";
import { Database } from "./database.ts";
import { together } from "./together.ts";

/** A row of `find_sessions`, migrations/0009_session_lookup.sql. */
type Joined = {
  readonly key: string;
  readonly session: JsonObject;
  readonly user: JsonObject | null;
  readonly vault_kind: string | null;
  readonly vault_owner: string;
  readonly vault_version: number;
  readonly vault_ciphertext: Uint8Array;
  readonly key_generation: number | null;
  readonly key_version: number;
  readonly key_wrapped: Uint8Array;
  readonly seen_at: number | null;
  readonly signed_in_at: number | null;
  readonly revoked: boolean;
  readonly impersonator: {
    readonly session: JsonObject;
    readonly user: JsonObject | null;
    readonly seenAt: number | null;
    readonly revoked: boolean;
  } | null;
  readonly parked_model: string | null;
  readonly parked_position: number;
};

const FIND = "SELECT * FROM authledger.find_sessions($1)";

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
        Effect.mapError(storeUnavailable),
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

function impersonatorOf({ impersonator }: Joined): StandingSession | undefined {
  if (impersonator === null) return undefined;
  const { session, user, seenAt, revoked } = impersonator;
  return { session, user: user ?? undefined, lastSeenMs: seenAt ?? undefined, revoked };
}

function vaultOf(row: Joined): VaultRow | undefined {
  const { key: id, vault_kind: kind, vault_owner: owner, vault_version: version } = row;
  return kind === null ? undefined : { id, kind, owner, version, ciphertext: row.vault_ciphertext };
}

function keyOf(row: Joined): WrappedDataKey | undefined {
  const { key_generation: generation, key_version: keyVersion, key_wrapped: wrapped } = row;
  if (generation === null) return undefined;
  return { owner: `user:${String(row.session["userId"])}`, generation, keyVersion, wrapped };
}
