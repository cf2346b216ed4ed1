import { randomBytes } from "node:crypto";
import { userInfo } from "node:os";
import pg from "pg";

/** A server on this machine answers at once or is not there. */
const CONNECT_TIMEOUT_MS = 2_000;

/** A database that only one test run knows. */
export type ThrowAwayPostgres = {
  readonly url: string;
  readonly version: string;
  /** Drops it, and every database whose name begins with its name. */
  readonly drop: () => Promise<void>;
};

/** On the server that DATABASE_URL names, else on one of this machine; undefined without any. */
export const throwAwayPostgres = async (
  named: string | undefined,
): Promise<ThrowAwayPostgres | undefined> => {
  for (const candidate of named === undefined ? nearby() : [named]) {
    const found = await createOn(candidate);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Where a passwordless server of a developer or of a CI machine usually listens. */
const nearby = (): ReadonlyArray<string> => {
  const users = [...new Set([userInfo().username, "postgres"])];
  return users.map((user) => `postgres://${encodeURIComponent(user)}@127.0.0.1:5432/postgres`);
};

const createOn = async (server: string): Promise<ThrowAwayPostgres | undefined> => {
  const name = `authledger_test_${randomBytes(6).toString("hex")}`;
  try {
    const [row] = await query(server, "SHOW server_version");
    await query(server, `CREATE DATABASE ${name}`);
    const url = new URL(server);
    url.pathname = `/${name}`;
    const version = String(row?.["server_version"]).split(" ")[0] ?? "";
    return { url: url.href, version, drop: () => dropAll(server, name) };
  } catch {
    return undefined;
  }
};

const dropAll = async (server: string, name: string): Promise<void> => {
  const own = "SELECT datname FROM pg_database WHERE starts_with(datname, $1)";
  for (const row of await query(server, own, [name])) {
    await query(server, `DROP DATABASE IF EXISTS "${String(row["datname"])}" WITH (FORCE)`);
  }
};

const query = async (
  server: string,
  statement: string,
  parameters: ReadonlyArray<unknown> = [],
): Promise<ReadonlyArray<Record<string, unknown>>> => {
  const client = new pg.Client({
    connectionString: server,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(statement, [...parameters]);
    return rows;
  } finally {
    await client.end().catch(() => {});
  }
};
