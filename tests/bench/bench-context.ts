import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256Hex } from "../../adapters/crypto/hash.ts";
import { migrations } from "../../adapters/sql/migrate.ts";
import { fill } from "./fill.ts";
import type { PostgresServer } from "./postgres.ts";
import type { Place } from "./store.ts";

export type StoreKind = "postgres" | "pglite";

/** What a row gets to work with. */
export type Bench = {
  readonly postgres: PostgresServer | undefined;
  /** Those that the row scale looks at. */
  readonly stores: ReadonlyArray<StoreKind>;
  /** Ascending. */
  readonly sizes: ReadonlyArray<number>;
  /** Counted runs of each measurement. */
  readonly runs: number;
  /** A smoke run: little of everything. */
  readonly quick: boolean;
  readonly progress: (text: string) => void;
  /** A place that goes at the end. */
  readonly scratch: (kind: StoreKind) => Promise<Place>;
  /** A copy of the ledger of that size, that goes at the end. */
  readonly copy: (size: number) => Promise<Place>;
  /** The kept ledger of that size itself: only for what adds nothing to it. */
  readonly kept: (kind: StoreKind, size: number) => Promise<Place>;
  /** Drops a place before the end. */
  readonly drop: (place: Place) => Promise<void>;
};

export type Options = Pick<
  Bench,
  "postgres" | "stores" | "sizes" | "runs" | "quick" | "progress"
> & {
  /** Makes kept ledgers anew. */
  readonly fresh: boolean;
};

/** Where the kept PGlite folders are; ignored by git. */
const CACHE = fileURLToPath(new URL("../../.cache/bench", import.meta.url));

/** Says by which migrations a kept ledger was made, once it is whole. */
const SCHEMA_FILE = "schema";
const schema = () => migrations().map((one) => sha256Hex(JSON.stringify(one)));

/** What was added since is applied when it is opened; edited ones mean that it is made anew. */
function isUsable(stamp: string): boolean {
  if (!existsSync(stamp)) return false;
  const now = schema();
  return readFileSync(stamp, "utf8")
    .split("\n")
    .every((hash, i) => hash === now[i]);
}

/** Makes and drops the ledgers of one run. */
export function benchContext(options: Options): { bench: Bench; close: () => Promise<void> } {
  const { postgres, fresh, progress } = options;
  const scratches = new Map<Place, () => Promise<void>>();
  const filled = new Map<string, Promise<Place>>();
  let made = 0;

  const server = () => {
    if (postgres === undefined) throw new Error("Cannot run this row: there is no Postgres");
    return postgres;
  };
  const scratchFrom = async (kind: StoreKind, template?: string): Promise<Place> => {
    const folder = await mkdtemp(join(tmpdir(), "authledger-bench-"));
    const removeFolder = () => rmSync(folder, { recursive: true, force: true });
    if (kind === "pglite") {
      const place = { folder };
      scratches.set(place, async () => removeFolder());
      return place;
    }
    const name = `authledger_bench_scratch_${process.pid}_${++made}`;
    await server().create(name, template);
    const place = { folder, postgres: server().urlOf(name) };
    scratches.set(place, async () => {
      removeFolder();
      await server().drop(name);
    });
    return place;
  };
  const make = async (kind: StoreKind, size: number): Promise<Place> => {
    const name = `authledger_bench_${size}`;
    const folder = join(CACHE, `${kind}-${size}`);
    const stamp = join(folder, SCHEMA_FILE);
    const usable = !fresh && isUsable(stamp);
    if (!usable && kind === "postgres") await server().drop(name);
    if (!usable) rmSync(folder, { recursive: true, force: true });
    const place = kind === "pglite" ? { folder } : { folder, postgres: server().urlOf(name) };
    if (kind === "postgres" && !(await server().exists(name))) await server().create(name);
    progress(`${kind}: a ledger of ${size.toLocaleString("en-US")} events`);
    await fill(place, size, (text) => progress(`${kind}: ${text}`));
    mkdirSync(folder, { recursive: true });
    writeFileSync(stamp, schema().join("\n"));
    return place;
  };
  const kept: Bench["kept"] = (kind, size) => {
    const key = `${kind}-${size}`;
    const place = filled.get(key) ?? make(kind, size);
    filled.set(key, place);
    return place;
  };
  const drop = async (place: Place) => {
    const remove = scratches.get(place);
    scratches.delete(place);
    await remove?.();
  };
  const bench: Bench = {
    ...options,
    scratch: (kind) => scratchFrom(kind),
    copy: async (size) => {
      await kept("postgres", size);
      return scratchFrom("postgres", `authledger_bench_${size}`);
    },
    kept,
    drop,
  };
  const close = async () => {
    for (const place of [...scratches.keys()]) await drop(place);
  };
  return { bench, close };
}
