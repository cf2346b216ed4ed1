import * as Context from "effect/Context";
import * as Data from "effect/Data";
import type * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";

/** What an operator can mend, by SQLSTATE. */
const REFUSALS: Readonly<Record<string, string>> = {
  "28000": "Cannot sign in to the database: check the role that DATABASE_URL names",
  "28P01": "Cannot sign in to the database: check role and password in DATABASE_URL",
  "3D000": "Cannot find the database that DATABASE_URL names: create it first",
  "42501": "Cannot use the database: the role that DATABASE_URL names lacks a privilege",
  "53300": "Cannot reach the database: it has no connection left",
};

/**
 * A statement failed. `sqlstate` is PostgreSQL's five-character code, absent when the connection
 * failed.
 */
export class DatabaseError extends Data.TaggedError("DatabaseError")<{
  readonly sqlstate?: string;
  readonly cause: unknown;
}> {
  override get message() {
    const { sqlstate } = this;
    if (sqlstate === undefined) {
      return "Cannot reach the database: check that it runs, and that DATABASE_URL names it";
    }
    return REFUSALS[sqlstate] ?? `The database refused a statement (SQLSTATE ${sqlstate})`;
  }

  /** The server went away or would not take us: the statement may or may not have been applied. */
  get unreachable() {
    return this.sqlstate === undefined || /^(08|57P|53)/.test(this.sqlstate);
  }
}

/**
 * Statements with bound parameters.
 *
 * Shape: `int8` answers as number, `bytea` as Uint8Array, `jsonb` parsed, `text[]` as array;
 * parameters take the same, a Uint8Array[] for `bytea[]`.
 */
export type Session = {
  readonly query: <Row>(
    statement: string,
    parameters?: ReadonlyArray<unknown>,
  ) => Effect.Effect<ReadonlyArray<Row>, DatabaseError>;
};

/** One PostgreSQL database: a server over `pg`, or PGlite in this process. */
export class Database extends Context.Service<
  Database,
  Session & {
    readonly kind: "pglite" | "postgres";
    /** Several statements without parameters in one transaction: migrations. */
    readonly script: (statements: string) => Effect.Effect<void, DatabaseError>;
    /** Commits when `use` succeeds, else rolls back. */
    readonly transaction: <A, E>(
      use: (session: Session) => Effect.Effect<A, E>,
    ) => Effect.Effect<A, E | DatabaseError>;
    /** Calls back on each NOTIFY until the scope closes; also once after each reconnection. */
    readonly listen: (
      channel: string,
      onNotify: (payload: string) => void,
    ) => Effect.Effect<void, DatabaseError, Scope.Scope>;
  }
>()("authledger/adapters/sql/Database") {}
