import pg from "pg";

/** The server that all databases of a run live on. */
export type PostgresServer = {
  readonly version: string;
  /** What decides how durable an append is, and how much is cached. */
  readonly settings: Readonly<Record<string, string>>;
  readonly urlOf: (database: string) => string;
  readonly exists: (database: string) => Promise<boolean>;
  readonly create: (database: string, template?: string) => Promise<void>;
  readonly drop: (database: string) => Promise<void>;
};

const SETTINGS = ["synchronous_commit", "fsync", "full_page_writes", "shared_buffers"];
/** A server on this machine answers at once or is not there. */
const CONNECT_TIMEOUT_MS = 2_000;
const DROP_TRIES = 50;
const DROP_AGAIN_MS = 100;

/**
 * The server that DATABASE_URL names, else one of this machine; undefined without any.
 *
 * Errors: throws when it does not commit durably, since its numbers would mean nothing.
 */
export async function postgresServer(): Promise<PostgresServer | undefined> {
  const named = process.env["DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";
  const [version] = await query(named, "SHOW server_version").catch(() => []);
  if (version === undefined) return undefined;
  const settings: Record<string, string> = {};
  for (const name of SETTINGS) {
    const [row] = await query(named, `SHOW ${name}`);
    settings[name] = row?.[name] ?? "";
  }
  if (settings["synchronous_commit"] !== "on" || settings["fsync"] !== "on") {
    throw new Error("Cannot measure on this Postgres: expected synchronous_commit and fsync on");
  }
  return {
    version: version["server_version"]?.split(" ")[0] ?? "",
    settings,
    urlOf: (database) => {
      const url = new URL(named);
      url.pathname = `/${database}`;
      return url.href;
    },
    exists: async (database) => {
      const found = await query(named, "SELECT datname FROM pg_database");
      return found.some((row) => row["datname"] === database);
    },
    create: async (database, template) => {
      const from = template === undefined ? "" : `TEMPLATE "${template}" STRATEGY FILE_COPY`;
      await query(named, `CREATE DATABASE "${database}" ${from}`);
      // What was written to make it is not what is measured.
      await query(named, "CHECKPOINT");
    },
    drop: async (database) => {
      const statement = `DROP DATABASE IF EXISTS "${database}"`;
      // A pool that was closed a moment ago may still be closing; forced at once, it would throw.
      for (let tries = 0; tries < DROP_TRIES; tries++) {
        const dropped = await query(named, statement).catch(() => undefined);
        if (dropped !== undefined) return;
        await new Promise((resolve) => setTimeout(resolve, DROP_AGAIN_MS));
      }
      await query(named, `${statement} WITH (FORCE)`);
    },
  };
}

async function query(url: string, statement: string) {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<Record<string, string>>(statement)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}
