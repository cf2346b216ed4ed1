import { createHash } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import pg from "pg";
import { Database, DatabaseError, type Session } from "../sql/database.ts";
import { listener } from "./listener.ts";

export type PostgresOptions = {
  readonly url: Redacted.Redacted<string>;
  /** Connections at most; one more is kept for LISTEN. */
  readonly connectionsMax?: number;
};

/** Enough to keep two cores of a server busy while one connection waits for the ledger's head. */
const CONNECTIONS_MAX = 12;
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 60_000;
/** A holder that froze between two statements must not hold its rows from everybody else. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

/** Oids of the types that pg would answer as text: int8 is a safe integer here. */
const INT8 = 20;
const INT8_ARRAY = 1016;

const parsers: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") => {
    if (oid === INT8) return Number;
    const parser = pg.types.getTypeParser(oid, format as "text");
    if (oid !== INT8_ARRAY) return parser;
    return (text: string) => (parser(text) as unknown as string[]).map(Number);
  },
};

/** A PostgreSQL server (15 or newer) over `pg`; the layer owns the pool. */
export const layer = (options: PostgresOptions): Layer.Layer<Database, DatabaseError> =>
  Layer.effect(
    Database,
    Effect.gen(function* () {
      const connection = {
        connectionString: Redacted.value(options.url),
        types: parsers,
        connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
        // A server that vanished without a word is noticed, also by whoever only listens.
        keepAlive: true,
        idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      };
      const pool = yield* Effect.acquireRelease(
        Effect.sync(() => {
          const made = new pg.Pool({
            ...connection,
            max: options.connectionsMax ?? CONNECTIONS_MAX,
            idleTimeoutMillis: IDLE_TIMEOUT_MS,
          });
          // An idle connection that the server closed: the pool has dropped it already.
          made.on("error", () => {});
          return made;
        }),
        (made) => Effect.promise(() => made.end()),
      );
      const query = <Row>(statement: string, parameters: ReadonlyArray<unknown> = []) =>
        run<Row>(pool, statement, parameters);
      yield* query("SELECT 1");
      return Database.of({
        kind: "postgres",
        query,
        script: (statements) => tried(() => pool.query(statements)).pipe(Effect.asVoid),
        transaction: (use) => transaction(pool, use),
        listen: listener(connection),
      });
    }),
  );

/** Parsed once a connection: each statement has a name made from its text. */
function run<Row>(on: pg.Pool | pg.PoolClient, text: string, values: ReadonlyArray<unknown>) {
  const name = nameOf(text);
  return tried(() => on.query({ name, text, values: [...values] })).pipe(
    Effect.map((result) => result.rows as unknown as ReadonlyArray<Row>),
  );
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash("sha256").update(text).digest("base64url").slice(0, 32);
    names.set(text, name);
  }
  return name;
}

function transaction<A, E>(pool: pg.Pool, use: (session: Session) => Effect.Effect<A, E>) {
  return Effect.scoped(
    Effect.gen(function* () {
      const client = yield* Effect.acquireRelease(
        tried(() => pool.connect()),
        (held, exit) => Effect.sync(() => held.release(Exit.isFailure(exit))),
      );
      yield* tried(() => client.query("BEGIN"));
      const answer = yield* use({
        query: <Row>(statement: string, parameters: ReadonlyArray<unknown> = []) =>
          run<Row>(client, statement, parameters),
      });
      yield* tried(() => client.query("COMMIT"));
      return answer;
    }),
  );
}

function tried<A>(attempt: () => Promise<A>): Effect.Effect<A, DatabaseError> {
  return Effect.tryPromise({ try: attempt, catch: databaseError });
}

/** Tells a refusal by the server (it has a SQLSTATE) from a broken connection (it has none). */
export function databaseError(cause: unknown): DatabaseError {
  if (cause instanceof pg.DatabaseError && cause.code !== undefined) {
    return new DatabaseError({ sqlstate: cause.code, cause });
  }
  return new DatabaseError({ cause });
}
