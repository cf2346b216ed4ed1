import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import { stamp } from "../../../adapters/commit/stamp.ts";
import type { Append } from "../../../adapters/ports/ledger.ts";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { Database } from "../../../adapters/sql/database.ts";
import type { Bench } from "../bench-context.ts";
import { pressOf } from "../fill.ts";
import { type Line, lineOf } from "../line.ts";
import { closedLoop, type Flight, interleaved } from "../measure.ts";
import { openEmmett } from "../peers/emmett.ts";
import { metaOf, type Press } from "../person.ts";
import { type OpenStore, openStore } from "../store.ts";

const IN_FLIGHT = 64;
/** Events of a run; few beside the ledger that they are appended to. */
const EVENTS = { many: 20_000, one: 2_000, quick: 500 };
/** A worker appends this many to one stream, then begins another. */
const STREAM_EVENTS = 10;

const RAW = { table: "bench_raw", what: "raw multi-row INSERT" };

/** What the runs of one store have in common. */
type Running = {
  readonly store: OpenStore;
  readonly press: Press;
  readonly append: (request: Append) => Promise<unknown>;
};

/** Single events at a checked revision, durable: against Emmett, and against a bare table. */
export async function appendRow(bench: Bench): Promise<ReadonlyArray<Line>> {
  const lines: Array<Line> = [];
  for (const size of bench.sizes) {
    const place = await bench.copy(size);
    const running = await begin(await openStore(place, { project: false }));
    bench.progress("append: Postgres");
    lines.push(await againstEmmett(bench, running, size));
    lines.push(await againstRaw(bench, running, { kind: "Postgres", size }));
    lines.push(await oneByOne(bench, running, size));
    await running.store.close();
    await bench.drop(place);
  }
  const folder = await bench.scratch("pglite");
  const embedded = await begin(await openStore(folder, { project: false }));
  bench.progress("append: PGlite");
  lines.push(await againstRaw(bench, embedded, { kind: "PGlite" }));
  await embedded.store.close();
  await bench.drop(folder);
  return lines;
}

async function begin(store: OpenStore): Promise<Running> {
  const { identity } = await store.run(Ledgers);
  const database = await store.run(Database);
  // The same columns and unique indexes; what guards the ledger is what it is compared without.
  await store.run(
    database.script(`CREATE TABLE ${RAW.table} (LIKE authledger.identity_events INCLUDING ALL)`),
  );
  const append = (request: Append) => Effect.runPromise(identity.append(request));
  return { store, press: await pressOf(store), append };
}

/** The stream that a worker is at, with its revision. */
type Place = { stream: string; revision: number };

function placesOf(): (worker: number) => Place {
  const places = new Map<number, Place>();
  return (worker) => {
    let place = places.get(worker);
    if (place === undefined || place.revision === STREAM_EVENTS - 1) {
      place = { stream: randomUUID(), revision: -1 };
      places.set(worker, place);
    }
    return place;
  };
}

function requestOf({ press }: Running, { stream, revision }: Place): Append {
  return {
    requestId: randomUUID(),
    stream: `user-${stream}`,
    expect: revision < 0 ? "none" : { exact: revision },
    entries: [{ type: "RoleGranted", schema: 1, data: { role: "buyer" } }],
    meta: metaOf(press, stream, "identity"),
  };
}

function ours(running: Running, inFlight: number, count: number): Promise<Flight> {
  const placeOf = placesOf();
  return closedLoop(inFlight, count, async (worker) => {
    const place = placeOf(worker);
    await running.append(requestOf(running, place));
    place.revision++;
  });
}

/** Emmett begins empty at every size: that its log is shorter is to its advantage. */
async function againstEmmett(bench: Bench, running: Running, size: number): Promise<Line> {
  const place = await bench.scratch("postgres");
  const emmett = await openEmmett(place.postgres ?? "");
  const count = bench.quick ? EVENTS.quick : EVENTS.many;
  const theirs = () => {
    const placeOf = placesOf();
    return closedLoop(IN_FLIGHT, count, async (worker) => {
      const at = placeOf(worker);
      const { stream, entries, meta } = requestOf(running, at);
      const events = entries.map(({ type, data }) => ({ type, data, metadata: meta }));
      const expectedStreamVersion =
        at.revision < 0 ? "STREAM_DOES_NOT_EXIST" : BigInt(at.revision + 1);
      await emmett.appendToStream(stream, events, { expectedStreamVersion });
      at.revision++;
    });
  };
  const measured = await interleaved(bench.runs, {
    ours: () => ours(running, IN_FLIGHT, count),
    theirs,
  });
  await emmett.close();
  await bench.drop(place);
  return lineOf({
    what: `append, Postgres, ${IN_FLIGHT} in flight`,
    size,
    ...inCommon(measured.ours),
    reference: { name: "Emmett", runs: perSecond(measured.theirs) },
    referenceLatencies: measured.theirs,
    ratioMin: 7,
  });
}

async function againstRaw(
  bench: Bench,
  running: Running,
  { kind, size }: { readonly kind: string; readonly size?: number },
): Promise<Line> {
  const count = bench.quick ? EVENTS.quick : EVENTS.many;
  await ours(running, IN_FLIGHT, count);
  const batch = await meanBatch(running, count);
  const measured = await interleaved(bench.runs, {
    ours: () => ours(running, IN_FLIGHT, count),
    raw: () => raw(running, batch, count),
  });
  return lineOf({
    what: `append, ${kind}, ${IN_FLIGHT} in flight`,
    ...(size !== undefined && { size }),
    ...inCommon(measured.ours),
    reference: { name: `${RAW.what} of ${batch}`, runs: perSecond(measured.raw) },
    ratioMin: 0.5,
  });
}

async function oneByOne(bench: Bench, running: Running, size: number): Promise<Line> {
  const count = bench.quick ? EVENTS.quick : EVENTS.one;
  const measured = await interleaved(bench.runs, {
    ours: () => ours(running, 1, count),
    raw: () => raw(running, 1, count),
  });
  return lineOf({
    what: "append, Postgres, 1 in flight",
    size,
    ...inCommon(measured.ours),
    reference: { name: "one INSERT a transaction", runs: perSecond(measured.raw) },
    referenceLatencies: measured.raw,
    ratioMin: 0.6,
  });
}

function perSecond(flights: ReadonlyArray<Flight>): ReadonlyArray<number> {
  return flights.map((flight) => flight.perSecond);
}

function inCommon(flights: ReadonlyArray<Flight>) {
  return {
    unit: "/s" as const,
    ours: perSecond(flights),
    latencies: flights,
    memoryMiB: process.memoryUsage.rss() / 2 ** 20,
  };
}

/** Events a flush in the last run: what one transaction wrote. */
async function meanBatch({ store }: Running, count: number): Promise<number> {
  const database = await store.run(Database);
  const [row] = await store.run(
    database.query<{ flushes: number }>(
      `SELECT count(DISTINCT xmin::TEXT)::INT AS flushes FROM (
         SELECT xmin FROM authledger.identity_events
         WHERE ledger = 'identity' ORDER BY position DESC LIMIT $1) newest`,
      [count],
    ),
  );
  return Math.max(1, Math.round(count / (row?.flushes ?? count)));
}

const RAW_COLUMNS = ["ledger", "position", "stream", "revision", "type", "id", "entry", "mac"];

/** The limit: the same rows, stamped beforehand, into a table of the same shape. */
async function raw(running: Running, batch: number, count: number): Promise<Flight> {
  const { store, press } = running;
  const database = await store.run(Database);
  const at = new Date().toISOString();
  const [last] = await store.run(
    database.query<{ position: number }>(
      `SELECT coalesce(max(position), 0) AS position FROM ${RAW.table}`,
    ),
  );
  let position = last?.position ?? 0;
  const place = placesOf();
  const rows = Array.from({ length: Math.ceil(count / batch) * batch }, () => {
    const request = requestOf(running, place(0));
    const [stamped] = stamp(press.keyring, "identity", request, at);
    if (stamped === undefined) throw new Error("A request without entries");
    const { entry, bytes, mac } = stamped;
    const { revision } = place(0);
    place(0).revision++;
    return ["identity", ++position, request.stream, revision + 1, entry.type, entry.id, bytes, mac];
  });
  const width = RAW_COLUMNS.length;
  const values = Array.from({ length: batch }, (_, row) =>
    RAW_COLUMNS.map((_column, column) => `$${row * width + column + 1}`).join(", "),
  );
  const statement = `INSERT INTO ${RAW.table} (${RAW_COLUMNS.join(", ")})
    VALUES (${values.join("), (")})`;
  let sent = 0;
  const flight = await closedLoop(1, rows.length / batch, async () => {
    const parameters = rows.slice(sent, sent + batch).flat();
    sent += batch;
    await Effect.runPromise(database.query(statement, parameters));
  });
  return { ...flight, perSecond: flight.perSecond * batch };
}
