import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { type Bench, benchContext, type StoreKind } from "./bench-context.ts";
import type { Line } from "./line.ts";
import { installPeers } from "./peers/installed.ts";
import { type PostgresServer, postgresServer } from "./postgres.ts";
import { appendRow } from "./rows/append.ts";
import { memoryRow } from "./rows/memory.ts";
import { rebuildRow } from "./rows/rebuild.ts";
import { scaleRow } from "./rows/scale.ts";
import { sessionRow } from "./rows/session.ts";
import { signInRow } from "./rows/sign-in.ts";
import { startRow } from "./rows/start.ts";
import { tokenRow } from "./rows/token.ts";
import { verifyRow } from "./rows/verify.ts";
import { visibleRow } from "./rows/visible.ts";
import { table } from "./table.ts";

/*
 * `npm run bench`: how fast, how large and how it grows, beside a peer or the raw limit in the same
 * run on the same machine. One table, or `--json`. Not a test: nothing fails on a number.
 *
 *   --rows append,session   some rows only          --sizes 10000,100000   ledgers of these sizes
 *   --runs 7                counted runs, 5 unless said        --json      for machines
 *   --scale                 the row scale alone, which is not among the others
 *   --stores pglite         scale and token on one store only
 *   --fresh                 makes the kept ledgers anew        --quick     a smoke run: 1 run each
 *
 * Every value is the median of its runs with the least and the greatest. Runs of ours and of the
 * reference alternate after one round that is thrown away, only what completed counts, and a ratio
 * is of two runs of one round. Ledgers of each size are filled through the real append path by
 * people who sign up, describe themselves and get roles (fill.ts), and are kept for the next run:
 * databases authledger_bench_<size>, folders .cache/bench/pglite-<size>. What adds to a ledger
 * works on a copy. Servers and load generators are processes of their own on 127.0.0.1.
 *
 * append   64 in flight in a closed loop, one event a request, at a checked revision, ten to a
 *          stream; Emmett the same with the same members as data and metadata. The raw limit writes
 *          the same rows, stamped beforehand, in batches as large as our flushes were on average
 *          (counted by transaction id) into a table with the same columns and indexes. Then
 *          1 in flight against one INSERT a transaction. PGlite in a folder, as it is served.
 * visible  1,000 events a second that arrive whether or not the ones before are done; from when a
 *          command was due until `users` is known to have folded it, all projections running.
 * rebuild  `rebuild` of users and accounts, switch included, one after the other; against reading
 *          the same rows in pages of 10,000 and parsing their JSON.
 * verify   leaf, MAC and Merkle root over entries that are in memory, against one SHA-256 each.
 * session  GET /v1/session against Better Auth get-session (its cookie cache off, so that both
 *          look the session up in the same Postgres), 32 keep-alive connections.
 * sign-in  POST /v1/sign-in with the right password, against bare argon2id verifies of the same
 *          cost, as many at once as the server has slots; GET /v1/session beside a full pool, and
 *          alone.
 * token    client credentials (a JWT by ES256, RS256; opaque) against oidc-provider with its
 *          in-memory adapter in a process of its own; whole code flows with PKCE of people who are
 *          signed in and let the page in before, and rotating refresh, each connection its own
 *          line; introspection, JWKS, discovery. 32 connections. The size is that of the table of
 *          artefacts, which is filled with rows that nobody asks for.
 * memory   VmRSS of the server on a new ledger, idle for 5 s; each run is a new process.
 * start    from the start of the process until /readyz says ready and no read model is behind.
 * scale    what people and administrators ask, one request after the other, over kept ledgers of
 *          each size on both stores (100,000 people at a million events); ours is the p99. An
 *          architect, sign-ins and changes of their profile stay behind in them.
 */

const ROWS = {
  append: appendRow,
  visible: visibleRow,
  rebuild: rebuildRow,
  verify: verifyRow,
  session: sessionRow,
  "sign-in": signInRow,
  token: tokenRow,
  memory: memoryRow,
  start: startRow,
  scale: scaleRow,
} satisfies Record<string, (bench: Bench) => Promise<ReadonlyArray<Line>>>;

/** A run of its own: filling its ledgers takes longer than all the others. */
const SCALE: RowName = "scale";

const STORES: ReadonlyArray<StoreKind> = ["postgres", "pglite"];
const SIZES = [10_000, 100_000, 1_000_000];
const SIZE_QUICK = 1_000;
/** A median of fewer says little. */
const RUNS = 5;

type RowName = keyof typeof ROWS;
const isRow = (name: string): name is RowName => Object.hasOwn(ROWS, name);

/** Whole numbers from 1, or a line that says what was wrong. */
function numbers(option: string, text: string): ReadonlyArray<number> {
  return text.split(",").map((part) => {
    const value = Number(part);
    if (Number.isSafeInteger(value) && value > 0) return value;
    throw new Error(`Cannot use --${option} "${text}": expected whole numbers from 1`);
  });
}

function choices() {
  const { values } = parseArgs({
    options: {
      rows: { type: "string" },
      sizes: { type: "string" },
      runs: { type: "string" },
      json: { type: "boolean", default: false },
      fresh: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      scale: { type: "boolean", default: false },
      stores: { type: "string", default: STORES.join() },
    },
  });
  const { json, fresh, quick } = values;
  const usual = Object.keys(ROWS).filter((row) => row !== SCALE);
  const rows = values.scale ? [SCALE] : (values.rows?.split(",") ?? usual);
  const unknown = rows.find((row) => !isRow(row));
  if (unknown !== undefined) {
    throw new Error(`Unknown row "${unknown}": expected ${Object.keys(ROWS).join(", ")}`);
  }
  const stores = STORES.filter((store) => values.stores.split(",").includes(store));
  if (stores.length === 0) throw new Error(`Cannot use --stores "${values.stores}"`);
  const sizes =
    values.sizes === undefined ? (quick ? [SIZE_QUICK] : SIZES) : numbers("sizes", values.sizes);
  const [runs = RUNS] =
    values.runs === undefined ? [quick ? 1 : RUNS] : numbers("runs", values.runs);
  return {
    rows: rows.filter(isRow),
    sizes: sizes.toSorted((a, b) => a - b),
    ...{ stores, runs, json, fresh, quick },
  };
}

function machine(postgres: PostgresServer | undefined, peers: Readonly<Record<string, string>>) {
  const cores = cpus();
  return {
    cores: cores.length,
    processor: cores[0]?.model ?? "unknown",
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres: postgres?.version ?? "none",
    ...postgres?.settings,
    ...peers,
    at: new Date().toISOString(),
  };
}

async function main(): Promise<void> {
  const { rows, json, ...options } = choices();
  const progress = (text: string) => {
    process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
  };
  const peers = installPeers(progress);
  const postgres = await postgresServer();
  if (postgres === undefined) progress("no Postgres: only rows that need none can run");
  const { bench, close } = benchContext({ ...options, postgres, progress });
  const lines: Array<Line> = [];
  try {
    for (const row of rows) {
      progress(row);
      lines.push(...(await ROWS[row](bench)));
    }
  } finally {
    await close();
  }
  const facts = machine(postgres, peers);
  process.stdout.write(
    json ? `${JSON.stringify({ machine: facts, lines }, null, 2)}\n` : table(facts, lines),
  );
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // A store that a failed row left open would keep the process.
  process.exit(1);
});
