import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import pg from "pg";
import { layer as pglite } from "../../adapters/pglite/database.ts";
import { template } from "../../adapters/pglite/template.ts";
import { layer as postgres } from "../../adapters/postgres/database.ts";
import type { Database, DatabaseError } from "../../adapters/sql/database.ts";
import { postgresUrl } from "./postgres.ts";

export type DatabaseLayer = Layer.Layer<Database, DatabaseError>;

const CACHE = fileURLToPath(new URL("../../.cache", import.meta.url));

/** An empty PGlite in memory. At most one is open at a time in a test file: each takes 100 MB. */
export const emptyPglite: DatabaseLayer = Layer.unwrap(
  Effect.map(
    Effect.promise(() => template(CACHE, true)),
    (dump) => pglite({ folder: undefined, template: dump }),
  ),
);

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

/** Made from AUTHLEDGER_TEST_POSTGRES, whose run drops what a killed suite leaves. */
export async function ownPostgres(): Promise<OwnPostgres> {
  if (postgresUrl === undefined) throw new Error("there is no Postgres here");
  const name = `${new URL(postgresUrl).pathname.slice(1)}_${randomBytes(6).toString("hex")}`;
  await once(postgresUrl, `CREATE DATABASE "${name}"`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    connect: (connectionsMax) =>
      postgres({
        url: Redacted.make(url.href),
        ...(connectionsMax === undefined ? {} : { connectionsMax }),
      }),
    run: (statement, parameters = []) => once(url.href, statement, parameters),
    drop: async () => {
      await once(postgresUrl ?? "", `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    },
  };
}

/** A suite keeps several open, several suites run at once, and a server takes 100 connections. */
const CONNECTIONS_MAX = 5;

/** An empty database of its own, dropped when its suite is done. */
export const emptyPostgres: DatabaseLayer = Layer.unwrap(
  Effect.map(
    Effect.acquireRelease(Effect.promise(ownPostgres), ({ drop }) => Effect.promise(drop)),
    ({ connect }) => connect(CONNECTIONS_MAX),
  ),
);

/** A connection of a test's own; it may be killed by the server without failing the run. */
export async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return client;
}

async function once(
  url: string,
  statement: string,
  parameters: ReadonlyArray<unknown> = [],
): Promise<ReadonlyArray<Record<string, unknown>>> {
  const client = await connectTo(url);
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement, [...parameters]);
    return rows;
  } finally {
    await client.end();
  }
}
