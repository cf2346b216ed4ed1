import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import type * as Scope from "effect/Scope";
import pg from "pg";
import { DatabaseError } from "../sql/database.ts";

/** A server that restarts is back within seconds; asking five times a second is no load. */
const RECONNECT_INTERVAL = "200 millis";

/**
 * LISTEN on a connection of its own that comes back after a restart of the server. A notification
 * sent meanwhile is lost, so each reconnection calls back once: look for yourself.
 */
export const listener =
  (connection: pg.ClientConfig) =>
  (
    channel: string,
    onNotify: (payload: string) => void,
  ): Effect.Effect<void, DatabaseError, Scope.Scope> => {
    const session = Effect.scoped(
      Effect.gen(function* () {
        const client = yield* Effect.acquireRelease(
          Effect.sync(() => new pg.Client(connection)),
          (held) => Effect.promise(() => held.end().catch(() => {})),
        );
        const lost = new Promise<never>((_, reject) => {
          client.on("error", reject);
          client.on("end", () => reject(new Error("connection ended")));
        });
        lost.catch(() => {});
        client.on("notification", (message) => onNotify(message.payload ?? ""));
        const failed = (cause: unknown) => new DatabaseError({ cause });
        yield* Effect.tryPromise({ try: () => client.connect(), catch: failed });
        yield* Effect.tryPromise({
          try: () => client.query(`LISTEN ${pg.escapeIdentifier(channel)}`),
          catch: failed,
        });
        onNotify("");
        yield* Effect.tryPromise({ try: () => lost, catch: failed });
      }),
    );
    return session.pipe(
      Effect.retry(Schedule.spaced(RECONNECT_INTERVAL)),
      Effect.forkScoped,
      Effect.asVoid,
    );
  };
