import { setImmediate } from "node:timers/promises";
import { PGlite, type Transaction, types } from "@electric-sql/pglite";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Layer from "effect/Layer";
import { Database, DatabaseError, type Session } from "../sql/database.ts";

export type PgliteOptions = {
  /**
   * A folder that nobody else has open (PGlite has no lock of its own), or nowhere: memory only.
   */
  readonly folder: string | undefined;
  /** A data directory dumped as tar, for a folder that is still empty: 0.4 s instead of 3. */
  readonly template?: Blob | undefined;
};

/** How long statements follow one another before timers and sockets have their turn. */
const HELD_MS_MAX = 5;

const parsers = { [types.INT8]: (text: string) => Number(text) };

/**
 * PostgreSQL in this process. One statement runs at a time and blocks the event loop while it does;
 * between two of them the loop goes on.
 */
export const layer = (options: PgliteOptions): Layer.Layer<Database, DatabaseError> =>
  Layer.effect(
    Database,
    Effect.map(
      Effect.acquireRelease(
        tried(() => openPglite(options)),
        (open) => Effect.promise(() => open.close().catch(() => {})),
      ),
      over,
    ),
  );

/** Opened as `over` needs it. */
export const openPglite = (options: PgliteOptions): Promise<PGlite> =>
  PGlite.create({
    ...(options.folder === undefined ? {} : { dataDir: options.folder }),
    ...(options.template === undefined ? {} : { loadDataDir: options.template }),
    parsers,
  });

/** What the program asks of a database, by one that somebody else opened and closes. */
export const over = (db: PGlite): Database["Service"] =>
  Database.of({
    kind: "pglite",
    ...session(db, breathing()),
    script: (statements) =>
      tried(() => db.transaction((tx) => tx.exec(statements))).pipe(Effect.asVoid),
    transaction: (use) => transaction(db, use),
    listen: (channel, onNotify) =>
      Effect.acquireRelease(
        tried(() => db.listen(channel, onNotify)),
        (stop) => Effect.promise(() => stop().catch(() => {})),
      ).pipe(Effect.asVoid),
  });

/**
 * PGlite answers within the microtask in which it was asked: whoever asks one thing after the
 * other would keep everything else in this process waiting until there is nothing left to ask.
 */
function breathing(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < HELD_MS_MAX) return;
    await setImmediate();
    since = performance.now();
  };
}

function session(on: PGlite | Transaction, breathe: () => Promise<void>): Session {
  return {
    query: <Row>(statement: string, parameters: ReadonlyArray<unknown> = []) =>
      tried(() => breathe().then(() => on.query<Row>(statement, [...parameters]))).pipe(
        Effect.map((result): ReadonlyArray<Row> => result.rows),
      ),
  };
}

function transaction<A, E>(db: PGlite, use: (session: Session) => Effect.Effect<A, E>) {
  return Effect.suspend((): Effect.Effect<A, E | DatabaseError> => {
    let failed: Exit.Exit<A, E> | undefined;
    return Effect.tryPromise({
      try: (signal) =>
        db.transaction(async (tx) => {
          const exit = await Effect.runPromiseExit(use(session(tx, breathing())), { signal });
          if (Exit.isSuccess(exit)) return exit.value;
          failed = exit;
          // PGlite rolls back on any exception.
          throw new Error("rolled back");
        }),
      catch: databaseError,
    }).pipe(
      Effect.catch((error): Effect.Effect<A, E | DatabaseError> => failed ?? Effect.fail(error)),
    );
  });
}

function tried<A>(attempt: () => Promise<A>): Effect.Effect<A, DatabaseError> {
  return Effect.tryPromise({ try: attempt, catch: databaseError });
}

function databaseError(cause: unknown): DatabaseError {
  const code =
    typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code)
    ? new DatabaseError({ sqlstate: code, cause })
    : new DatabaseError({ cause });
}
