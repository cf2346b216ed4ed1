import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { peer } from "./installed.ts";

/* A server process: Better Auth over Postgres as its documentation sets it up, with e-mail and
 * password. The database is in BENCH_DATABASE_URL; the port is said on standard output. */

/** As many as our own pool has. */
const CONNECTIONS_MAX = 12;

type BetterAuth = { readonly betterAuth: (options: object) => { readonly handler: unknown } };
type Migration = {
  readonly getMigrations: (
    options: object,
  ) => Promise<{ readonly runMigrations: () => Promise<void> }>;
};
type NodeIntegration = { readonly toNodeHandler: (auth: object) => RequestListener };

const { betterAuth } = await peer<BetterAuth>("better-auth");
const { getMigrations } = await peer<Migration>("better-auth/db/migration");
const { toNodeHandler } = await peer<NodeIntegration>("better-auth/node");

const options = {
  baseURL: "http://localhost:4000",
  secret: Buffer.alloc(32, "bench").toString("base64"),
  database: new pg.Pool({
    connectionString: process.env["BENCH_DATABASE_URL"],
    max: CONNECTIONS_MAX,
  }),
  emailAndPassword: { enabled: true },
  // Each request asks the database, as ours does: an ended session is refused at once.
  session: { cookieCache: { enabled: false } },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { disabled: true },
};
const { runMigrations } = await getMigrations(options);
await runMigrations();
const server = createServer(toNodeHandler(betterAuth(options)));
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
});
