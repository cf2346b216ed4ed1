import { hash, timingSafeEqual } from "node:crypto";
import { sha256 } from "../../../adapters/crypto/hash.ts";
import { Keyring } from "../../../adapters/ports/keyring.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { leafOf } from "../../../domain/ledger/derive.ts";
import { appendLeaf, EMPTY_RANGE, rootOf } from "../../../domain/ledger/merkle.ts";
import type { Bench } from "../bench-context.ts";
import { type Line, lineOf } from "../line.ts";
import { interleaved, secondsOf } from "../measure.ts";
import { type OpenStore, openStore } from "../store.ts";

type Stored = { readonly entry: Uint8Array; readonly mac: Uint8Array };

const PAGE = 10_000;
/** 5 s for a million. */
const EVENTS_PER_SECOND_MIN = 200_000;

/** Hashes alone: leaf and MAC of every entry, and the root, over bytes that are in memory. */
export async function verifyRow(bench: Bench): Promise<ReadonlyArray<Line>> {
  const lines: Array<Line> = [];
  for (const size of bench.sizes) {
    const store = await openStore(await bench.kept("postgres", size), { project: false });
    const { mac } = await store.run(Keyring);
    const rows = await everything(store, size);
    const measured = await interleaved(bench.runs, {
      ours: () =>
        secondsOf(async () => {
          let range = EMPTY_RANGE;
          for (const row of rows) {
            const leaf = leafOf(sha256, row.entry);
            if (!timingSafeEqual(mac("identity", leaf), row.mac)) throw new Error("Wrong MAC");
            range = appendLeaf(sha256, range, leaf);
          }
          rootOf(sha256, range);
        }),
      plain: () =>
        secondsOf(async () => {
          for (const { entry } of rows) hash("sha256", entry, "hex");
        }),
    });
    const perSecond = (seconds: number) => rows.length / seconds;
    lines.push(
      lineOf({
        what: "verify offline, hashes only: leaf, MAC, root",
        size,
        unit: "/s",
        ours: measured.ours.map(perSecond),
        reference: { name: "SHA-256 of each entry", runs: measured.plain.map(perSecond) },
        ratioMin: 0.3,
        oursMin: EVENTS_PER_SECOND_MIN,
        memoryMiB: process.memoryUsage.rss() / 2 ** 20,
      }),
    );
    await store.close();
  }
  return lines;
}

async function everything(store: OpenStore, size: number): Promise<ReadonlyArray<Stored>> {
  const database = await store.run(Database);
  const rows: Array<Stored> = [];
  for (let from = 0; from < size; from += PAGE) {
    const page = await store.run(
      database.query<Stored>(
        `SELECT entry, mac FROM authledger.identity_events
         WHERE ledger = 'identity' AND position > $1 AND position <= $2 ORDER BY position`,
        [from, from + PAGE],
      ),
    );
    rows.push(...page);
  }
  return rows;
}
