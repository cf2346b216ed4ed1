import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type { JsonObject } from "../../domain/json.ts";
import { DataKeys } from "./data-keys.ts";
import type { VaultRow, WrappedDataKey } from "./ledger.ts";
import { type Parked, ReadModels } from "./read-models.ts";
import type { StoreUnavailable } from "./store-unavailable.ts";
import { Vault } from "./vault.ts";

/** Everything that says whether a session is good and whose it is. */
export type FoundSession = {
  /** Row of the `sessions` model. */
  readonly session: JsonObject;
  /** Row of the `users` model that the session's `userId` names. */
  readonly user: JsonObject | undefined;
  /** The vault row whose id is the session's. */
  readonly vault: VaultRow | undefined;
  /** The user's data key, to open what an answer shows. */
  readonly dataKey: WrappedDataKey | undefined;
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
  /** Over the other ports: right for every store, one round trip more than a join. */
  static readonly layer: Layer.Layer<SessionLookup, never, ReadModels | Vault | DataKeys> =
    Layer.effect(
      SessionLookup,
      Effect.gen(function* () {
        const models = yield* ReadModels;
        const vaults = yield* Vault;
        const keys = yield* DataKeys;
        const find = Effect.fnUntraced(function* (sessionId: string) {
          const [found, vault] = yield* Effect.all(
            [models.get("sessions", sessionId), vaults.get(sessionId)],
            { concurrency: 2 },
          );
          const userId = found?.row["userId"];
          if (found === undefined || typeof userId !== "string") return undefined;
          const [user, [dataKey]] = yield* Effect.all(
            [models.get("users", userId), keys.load([`user:${userId}`])],
            { concurrency: 2 },
          );
          return { session: found.row, user: user?.row, vault, dataKey };
        });
        return SessionLookup.of({ find });
      }),
    );
}
