import * as Effect from "effect/Effect";
import { openTables } from "../../../ops/import/open-tables.ts";
import { timeOf } from "../../../ops/import/values.ts";

/* Reads times from the database that its argument names, and from texts; says them in UTC. */

const [from = ""] = process.argv.slice(2);
const said = await Effect.runPromise(
  Effect.scoped(
    Effect.gen(function* () {
      const tables = yield* openTables(from, ".");
      const statement = "SELECT bare, zoned FROM times";
      const [row] = yield* tables.query(statement, []);
      return [row?.["bare"], row?.["zoned"], "2026-01-01 10:00:00", "2026-01-01T10:00:00+02:00"];
    }),
  ),
);
const hours = new Date("2026-01-01T00:00:00").getTimezoneOffset() / 60;
process.stdout.write(
  `${JSON.stringify([hours, ...said.map((value) => timeOf(value)?.toISOString())])}\n`,
);
