import { expect, onTestFinished, test } from "vitest";
import { ownPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { connectTo } from "../../support/spare-databases.ts";
import { startProgram } from "../program.ts";

test.each(["node", "deno"] as const)(
  "times without a zone are in UTC wherever the machine stands, on %s",
  onPostgres,
  async (runtime) => {
    const own = await ownPostgres();
    const client = await connectTo(own.url);
    onTestFinished(async () => {
      await client.end();
      await own.drop();
    });
    await client.query("CREATE TABLE times (bare TIMESTAMP(3), zoned TIMESTAMPTZ)");
    await client.query("INSERT INTO times VALUES ('2026-01-01 10:00', '2026-01-01 10:00+02')");
    const program = startProgram(runtime, "tests/ops/import/times.ts", {
      written: [own.url],
      environment: { TZ: "America/New_York" },
    });
    const [hours, ...times] = JSON.parse((await program.line()) ?? "[]");
    expect(hours).toBe(5);
    expect(times).toEqual([
      "2026-01-01T10:00:00.000Z",
      "2026-01-01T08:00:00.000Z",
      "2026-01-01T10:00:00.000Z",
      "2026-01-01T08:00:00.000Z",
    ]);
  },
);
