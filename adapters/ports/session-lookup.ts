import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type { JsonObject } from "../../domain/json.ts";
import { EVERYBODY } from "../../domain/revocation/mod.ts";
import { type RevocationRow, revokes } from "../../projections/revocations.ts";
import type { SessionRow } from "../../projections/sessions.ts";
import { DataKeys } from "./data-keys.ts";
import type { VaultRow, WrappedDataKey } from "./ledger.ts";
import { type Parked, ReadModels } from "./read-models.ts";
import { Stamps } from "./stamps.ts";
import type { StoreUnavailable } from "./store-unavailable.ts";
import { Vault } from "./vault.ts";

/** A session with what may have ended it since it began. */
export type StandingSession = {
  /** Row of the `sessions` model. */
  readonly session: JsonObject;
  /** Row of the `users` model that the session's `userId` names. */
  readonly user: JsonObject | undefined;
  /** When a request last came with it, in milliseconds since 1970; undefined when never. */
  readonly lastSeenMs: number | undefined;
  /** It was ended together with all others of the person, or of everybody. */
  readonly revoked: boolean;
};

/** Everything that says whether a session is good and whose it is. */
export type FoundSession = StandingSession & {
  /** The vault row whose id is the session's. */
  readonly vault: VaultRow | undefined;
  /** The user's data key, to open what an answer shows. */
  readonly dataKey: WrappedDataKey | undefined;
  readonly lastSignInMs: number | undefined;
  /** The session of whoever started this one in the user's name. */
  readonly impersonator: StandingSession | undefined;
};

/**
 * One look-up per authenticated request. Read from the shared tables, never from memory that may
 * be stale: what ends a session must end it for the next request.
 */
export class SessionLookup extends Context.Service<
  SessionLookup,
  {
    readonly find: (
      sessionId: string,
    ) => Effect.Effect<FoundSession | undefined, StoreUnavailable | Parked>;
  }
>()("authledger/adapters/ports/SessionLookup") {
  /** Over the other ports: right for every store, a few round trips more than a join. */
  static readonly layer: Layer.Layer<SessionLookup, never, ReadModels | Vault | DataKeys | Stamps> =
    Layer.effect(
      SessionLookup,
      Effect.gen(function* () {
        const models = yield* ReadModels;
        const vaults = yield* Vault;
        const keys = yield* DataKeys;
        const stamps = yield* Stamps;
        const standing = Effect.fnUntraced(function* (sessionId: string) {
          const session = (yield* models.get("sessions", sessionId))?.row as SessionRow | undefined;
          if (session === undefined) return undefined;
          const { userId } = session;
          const user = (yield* models.get("users", userId))?.row;
          const lastSeenMs = (yield* stamps.get("session", [sessionId])).get(sessionId);
          const revocations = yield* models.many("revocations", [EVERYBODY, userId]);
          const revoked = revocations.some(({ row }) => revokes(row as RevocationRow, session));
          return { session, user, lastSeenMs, revoked };
        });
        const find = Effect.fnUntraced(function* (sessionId: string) {
          // Before the rows: what replaces both replaces the vault's first.
          const vault = yield* vaults.get(sessionId);
          const found = yield* standing(sessionId);
          if (found === undefined) return undefined;
          const { userId, impersonator: by } = found.session;
          const [dataKey] = yield* keys.load([`user:${userId}`]);
          const lastSignInMs = (yield* stamps.get("sign-in", [userId])).get(userId);
          const impersonator = by === undefined ? undefined : yield* standing(by.sessionId);
          return { ...found, vault, dataKey, lastSignInMs, impersonator };
        });
        return SessionLookup.of({ find });
      }),
    );
}
