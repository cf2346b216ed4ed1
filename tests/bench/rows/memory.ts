import type { Bench } from "../bench-context.ts";
import { type Line, lineOf } from "../line.ts";
import { startAuthledger } from "../server-process.ts";

/** After what happens once: founding, the first projections, a collection of start-up garbage. */
const IDLE_MS = 5_000;
const LIMITS_MIB = { postgres: 170, pglite: 750 };

/** Resident memory of the server process (VmRSS) on a new ledger, after it was idle a while. */
export async function memoryRow(bench: Bench): Promise<ReadonlyArray<Line>> {
  const kinds = ["postgres", "pglite"] as const;
  const lines: Array<Line> = [];
  for (const kind of kinds) {
    const resident: Array<number> = [];
    for (let run = 0; run < bench.runs; run++) {
      bench.progress(`memory: ${kind}`);
      const place = await bench.scratch(kind);
      const server = await startAuthledger(place);
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
      resident.push(server.residentMiB());
      await server.stop();
      await bench.drop(place);
    }
    lines.push(
      lineOf({
        what: `resident, idle, ${kind === "pglite" ? "PGlite" : "Postgres"}`,
        unit: "MiB",
        ours: resident,
        oursMax: LIMITS_MIB[kind],
      }),
    );
  }
  return lines;
}
