import { fileURLToPath } from "node:url";
import type { PGlite } from "@electric-sql/pglite";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import { openPglite, over } from "../../adapters/pglite/database.ts";
import { template } from "../../adapters/pglite/template.ts";
import { layer as postgres } from "../../adapters/postgres/database.ts";
import { Database, DatabaseError } from "../../adapters/sql/database.ts";
import { postgresUrl } from "./postgres.ts";
import { EMPTY, giveBack, once, takeDatabase } from "./spare-databases.ts";

export type DatabaseLayer = Layer.Layer<Database, DatabaseError>;

const CACHE = fileURLToPath(new URL("../../.cache", import.meta.url));

type Kept = { readonly db: PGlite; readonly uses: number };

/** Those of this test file that no suite uses: making one takes a core for a second. */
const spare: Array<Kept> = [];

/**
 * A dropped PL/pgSQL function leaves its plans to the session, which for PGlite is all there is,
 * and every change of the schema walks through all of them: after a hundred uses a migration took
 * twenty times as long.
 */
const USES_MAX = 8;

/** An empty PGlite in memory. Suites of a file use it one after another: each takes 100 MB. */
export const emptyPglite: DatabaseLayer = Layer.effect(
  Database,
  Effect.map(
    Effect.acquireRelease(Effect.map(Effect.promise(takePglite), lend), ({ end }) => end),
    ({ lent }) => lent,
  ),
);

async function takePglite(): Promise<Kept> {
  const kept = spare.pop();
  if (kept === undefined || kept.uses === USES_MAX) {
    await kept?.db.close();
    return {
      db: await openPglite({ folder: undefined, template: await template(CACHE, true) }),
      uses: 1,
    };
  }
  await kept.db.exec("DISCARD ALL");
  await kept.db.exec(EMPTY);
  return { ...kept, uses: kept.uses + 1 };
}

/** To a fiber that outlives its suite the database is closed, although the next suite has it. */
function lend(kept: Kept) {
  const database = over(kept.db);
  let ended = false;
  const closed = new DatabaseError({ cause: new Error("the suite of this database is done") });
  const here = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.suspend(
      (): Effect.Effect<A, E | DatabaseError, R> => (ended ? Effect.fail(closed) : effect),
    );
  const lent = Database.of({
    kind: database.kind,
    query: (statement, parameters) => here(database.query(statement, parameters)),
    script: (statements) => here(database.script(statements)),
    transaction: (use) => here(database.transaction(use)),
    listen: (channel, onNotify) => here(database.listen(channel, onNotify)),
  });
  const end = Effect.sync(() => {
    ended = true;
    spare.push(kept);
  });
  return { lent, end };
}

/** An empty database on the server of this test run, that only one suite knows. */
export type OwnPostgres = {
  readonly url: string;
  /** Another process's view of the same database. */
  readonly connect: (connectionsMax?: number) => DatabaseLayer;
  /** Statements past the program, as an administrator would run them. */
  readonly run: (
    statement: string,
    parameters?: ReadonlyArray<unknown>,
  ) => Promise<ReadonlyArray<Record<string, unknown>>>;
  readonly drop: () => Promise<void>;
};

/** On the server of AUTHLEDGER_TEST_POSTGRES, whose run drops what is left. */
export async function ownPostgres(): Promise<OwnPostgres> {
  if (postgresUrl === undefined) throw new Error("there is no Postgres here");
  const base = postgresUrl;
  const url = await takeDatabase(base);
  return {
    url,
    connect: (connectionsMax) =>
      postgres({
        url: Redacted.make(url),
        ...(connectionsMax === undefined ? {} : { connectionsMax }),
      }),
    run: (statement, parameters = []) => once(url, statement, parameters),
    drop: () => giveBack(base, url),
  };
}

/** A suite keeps several open, several suites run at once, and a server takes 100 connections. */
const CONNECTIONS_MAX = 5;

/** An empty database of its own, given back when its suite is done. */
export const emptyPostgres: DatabaseLayer = Layer.unwrap(
  Effect.map(
    Effect.acquireRelease(Effect.promise(ownPostgres), ({ drop }) => Effect.promise(drop)),
    ({ connect }) => connect(CONNECTIONS_MAX),
  ),
);
