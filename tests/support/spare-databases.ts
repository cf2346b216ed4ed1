import { randomBytes } from "node:crypto";
import pg from "pg";

/**
 * A database is emptied and used again, since CREATE DATABASE and DROP DATABASE each write out what
 * every other suite has changed meanwhile: most of a second, for all of them. One that nobody uses
 * has a name that nobody was told, so that a program which outlives its test cannot find it; the
 * run drops them all.
 */
const SPARE = "spare";

/** Everything a suite can have made in it. */
export const EMPTY = `DO $$ DECLARE each TEXT; BEGIN
    FOR each IN SELECT nspname FROM pg_namespace
      WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    LOOP EXECUTE format('DROP SCHEMA %I CASCADE', each); END LOOP;
    CREATE SCHEMA public;
  END $$`;

/** The address of an empty database on the server of `base`, which this caller alone knows. */
export async function takeDatabase(base: string): Promise<string> {
  const name = nameLike(base, "");
  if (!(await renamedSpare(base, name))) await once(base, `CREATE DATABASE "${name}"`);
  const url = new URL(base);
  url.pathname = `/${name}`;
  await once(url.href, EMPTY);
  return url.href;
}

/** Whoever is still connected is not any more. */
export async function giveBack(base: string, url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
  await once(base, others, [name]);
  const spare = nameLike(base, SPARE);
  await once(base, `ALTER DATABASE "${name}" RENAME TO "${spare}"`).catch(() =>
    once(base, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`),
  );
}

async function renamedSpare(base: string, name: string): Promise<boolean> {
  const own = "SELECT datname FROM pg_database WHERE starts_with(datname, $1)";
  for (const { datname } of await once(base, own, [beginning(base, SPARE)])) {
    const renamed = once(base, `ALTER DATABASE "${String(datname)}" RENAME TO "${name}"`).then(
      () => true,
      // Another suite was quicker.
      () => false,
    );
    if (await renamed) return true;
  }
  return false;
}

const beginning = (base: string, kind: string) => `${new URL(base).pathname.slice(1)}_${kind}`;
const nameLike = (base: string, kind: string) =>
  `${beginning(base, kind)}${randomBytes(6).toString("hex")}`;

/** A connection of a test's own; it may be killed by the server without failing the run. */
export async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** One statement on a connection of its own. */
export async function once(
  url: string,
  statement: string,
  parameters: ReadonlyArray<unknown> = [],
): Promise<ReadonlyArray<Record<string, unknown>>> {
  const client = await connectTo(url);
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement, [...parameters]);
    return rows;
  } finally {
    await client.end().catch(() => {});
  }
}
