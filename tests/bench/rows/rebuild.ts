import { Database } from "../../../adapters/sql/database.ts";
import { rebuild } from "../../../adapters/sql/rebuild.ts";
import { type ReadModel, readModels } from "../../../projections/catalogue.ts";
import type { Bench } from "../bench-context.ts";
import { type Line, lineOf } from "../line.ts";
import { interleaved, secondsOf } from "../measure.ts";
import { type OpenStore, openStore } from "../store.ts";

const MODELS = ["users", "accounts"];
/** Rows of a page of the scan: few enough to be in memory at once, many enough to be no limit. */
const SCAN_PAGE = 10_000;

/**
 * The server's own rebuild, switch and all, against reading the same rows and parsing their JSON.
 */
export async function rebuildRow(bench: Bench): Promise<ReadonlyArray<Line>> {
  const lines: Array<Line> = [];
  for (const size of bench.sizes) {
    const store = await openStore(await bench.kept("postgres", size), { project: false });
    for (const model of readModels.filter(({ name }) => MODELS.includes(name))) {
      bench.progress(`rebuild ${model.name}`);
      lines.push(await rebuilt(bench, store, model, size));
    }
    await store.close();
  }
  return lines;
}

async function rebuilt(bench: Bench, store: OpenStore, model: ReadModel, size: number) {
  const measured = await interleaved(bench.runs, {
    ours: () =>
      secondsOf(async () => {
        const { parked } = await store.run(rebuild(model, () => {}));
        if (parked > 0) throw new Error(`A rebuild of ${model.name} parked ${parked} keys`);
      }),
    scan: () => secondsOf(() => scan(store, size)),
  });
  const perSecond = (seconds: number) => size / seconds;
  return lineOf({
    what: `rebuild ${model.name}, Postgres`,
    size,
    unit: "/s",
    ours: measured.ours.map(perSecond),
    reference: { name: "scan and JSON.parse", runs: measured.scan.map(perSecond) },
    ratioMin: 0.3,
    oursMin: 30_000,
    memoryMiB: process.memoryUsage.rss() / 2 ** 20,
  });
}

async function scan(store: OpenStore, size: number): Promise<void> {
  const database = await store.run(Database);
  for (let from = 0; from < size; from += SCAN_PAGE) {
    const page = await store.run(
      database.query<{ entry: Uint8Array }>(
        `SELECT entry FROM authledger.identity_events
         WHERE ledger = 'identity' AND position > $1 AND position <= $2 ORDER BY position`,
        [from, from + SCAN_PAGE],
      ),
    );
    for (const { entry } of page) JSON.parse(Buffer.from(entry).toString("utf8"));
  }
}
