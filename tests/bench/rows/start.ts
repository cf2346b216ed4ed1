import type { Bench } from "../bench-context.ts";
import { type Line, lineOf } from "../line.ts";
import { startAuthledger } from "../server-process.ts";

const SECONDS_MAX = 5;
/** A PGlite ledger of a million takes long to fill and is not what it is for. */
const PGLITE_SIZE_MAX = 100_000;

/** From the start of the process until `/readyz` says ready with no read model behind. */
export async function startRow(bench: Bench): Promise<ReadonlyArray<Line>> {
  const lines: Array<Line> = [];
  for (const kind of ["postgres", "pglite"] as const) {
    for (const size of bench.sizes) {
      if (kind === "pglite" && size > PGLITE_SIZE_MAX) continue;
      const place = await bench.kept(kind, size);
      bench.progress(`start: ${kind}`);
      const seconds: Array<number> = [];
      let memoryMiB = 0;
      for (let run = 0; run < bench.runs; run++) {
        const server = await startAuthledger(place);
        seconds.push(server.readySeconds);
        memoryMiB = server.residentMiB();
        await server.stop();
      }
      lines.push(
        lineOf({
          what: `start to ready, ${kind === "pglite" ? "PGlite" : "Postgres"}`,
          size,
          unit: "s",
          ours: seconds,
          memoryMiB,
          oursMax: SECONDS_MAX,
        }),
      );
    }
  }
  return lines;
}
