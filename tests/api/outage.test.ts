import { expect, test } from "vitest";
import { LedgerBusy, LedgerUnavailable } from "../../adapters/ports/ledger.ts";
import { StoreUnavailable } from "../../adapters/ports/store-unavailable.ts";
import { outage } from "../../api/http/outage.ts";
import type { LogLine } from "../../api/http/settings.ts";

test("an outage is one line, with the database's code, and one more when it is over", () => {
  const lines: Array<LogLine> = [];
  let now = 0;
  const watched = outage(
    (line) => lines.push(line),
    () => now,
  );
  watched.wrote();
  watched.failed(new LedgerBusy({ retryAfterMs: 1 }));
  expect(lines).toEqual([]);
  const full = { sqlstate: "53100", cause: "ada@example.com" };
  for (let count = 0; count < 100; count++) watched.failed(new LedgerUnavailable({ cause: full }));
  watched.wrote();
  watched.wrote();
  watched.failed(new StoreUnavailable({ cause: full }));
  expect(lines.map(({ level, error, sqlstate }) => [level, error, sqlstate])).toEqual([
    ["error", "LedgerUnavailable", "53100"],
    ["info", undefined, undefined],
  ]);
  now = 10_000;
  watched.failed(new StoreUnavailable({ cause: new Error("ada@example.com") }));
  expect(lines.at(-1)).toMatchObject({ level: "error", error: "StoreUnavailable" });
  expect(JSON.stringify(lines)).not.toContain("ada");
});
