import { performance } from "node:perf_hooks";
import * as Effect from "effect/Effect";
import { type Append, Ledgers } from "../../../adapters/ports/ledger.ts";
import { ReadModels } from "../../../adapters/ports/read-models.ts";
import type { Bench } from "../bench-context.ts";
import { pressOf } from "../fill.ts";
import { type Line, lineOf } from "../line.ts";
import { type Flight, flightOf } from "../measure.ts";
import { type Person, personOf } from "../person.ts";
import { type OpenStore, openStore, type Place } from "../store.ts";

const EVENTS_PER_SECOND = 1_000;
const SECONDS = 5;
const SECONDS_QUICK = 1;
/** Past it a reader would have been answered 503 long ago. */
const REACH_MS_MAX = 10_000;

/**
 * From when a command was due until `users` shows it, at 1,000 events a second that arrive whether
 * or not the ones before are done, with every projection running.
 */
export async function visibleRow(bench: Bench): Promise<ReadonlyArray<Line>> {
  const lines: Array<Line> = [];
  for (const size of bench.sizes) {
    lines.push(await visible(bench, "Postgres", { place: await bench.copy(size), size }));
  }
  lines.push(await visible(bench, "PGlite", { place: await bench.scratch("pglite") }));
  return lines;
}

async function visible(
  bench: Bench,
  kind: string,
  { place, size }: { readonly place: Place; readonly size?: number },
): Promise<Line> {
  bench.progress(`visible: ${kind}`);
  const store = await openStore(place, { project: true });
  const flights: Array<Flight> = [];
  await openLoop(store, SECONDS_QUICK);
  for (let run = 0; run < bench.runs; run++) {
    flights.push(await openLoop(store, bench.quick ? SECONDS_QUICK : SECONDS));
  }
  const memoryMiB = process.memoryUsage.rss() / 2 ** 20;
  await store.close();
  await bench.drop(place);
  return lineOf({
    what: `command → visible in users, ${kind}, ${EVENTS_PER_SECOND} events/s`,
    ...(size !== undefined && { size }),
    unit: "/s",
    ours: flights.map(({ perSecond }) => perSecond),
    latencies: flights,
    memoryMiB,
    p99MaxMs: 20,
  });
}

type Due = { readonly request: Append; readonly atMs: number; readonly after: Promise<unknown> };

/** People made beforehand sign up, describe themselves and get roles, in turn. */
async function openLoop(store: OpenStore, seconds: number): Promise<Flight> {
  const { identity } = await store.run(Ledgers);
  const models = await store.run(ReadModels);
  const press = await pressOf(store);
  const requests = inTurn(seconds * EVENTS_PER_SECOND, () => personOf(press));
  const latencies: Array<number> = [];
  const pending: Array<Promise<void>> = [];
  const streams = new Map<string, Promise<unknown>>();
  let events = 0;
  const begun = performance.now();
  const one = async ({ request, atMs, after }: Due) => {
    // The next command about the same person comes after the answer to the one before.
    await after;
    const { position } = await Effect.runPromise(identity.append(request));
    await Effect.runPromise(models.reach("users", position, REACH_MS_MAX));
    latencies.push(performance.now() - begun - atMs);
  };
  for (const request of requests) {
    const atMs = (events / EVENTS_PER_SECOND) * 1000;
    const early = atMs - (performance.now() - begun);
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    const after = streams.get(request.stream) ?? Promise.resolve();
    const done = one({ request, atMs, after });
    streams.set(request.stream, done);
    pending.push(done);
    events += request.entries.length;
  }
  await Promise.all(pending);
  const elapsed = performance.now() - begun;
  return { ...flightOf(latencies, elapsed), perSecond: (events / elapsed) * 1000 };
}

/**
 * Requests of many people in turn: between two commands of one person come those of fifty others,
 * as somebody looks at an answer before they go on.
 */
function inTurn(events: number, make: () => Person): ReadonlyArray<Append> {
  const requests: Array<Append> = [];
  const waiting: Array<Array<Append>> = [];
  const between = 50;
  let count = 0;
  const due = (request: Append) => {
    requests.push(request);
    count += request.entries.length;
  };
  while (count < events) {
    const person = make();
    due(person.signUp);
    waiting.push([...person.later]);
    // As many go on as one person's commands are: the queue stays as long as it is.
    for (const _ of waiting.length > between ? person.later : []) {
      const one = waiting.shift() ?? [];
      const next = one.shift();
      if (next !== undefined) due(next);
      if (one.length > 0) waiting.push(one);
    }
  }
  return requests;
}
