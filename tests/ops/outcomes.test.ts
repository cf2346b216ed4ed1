import { expect, test } from "vitest";
import { countsLine, countsOf, outcomesOf, tableOf } from "../../ops/test-run/outcomes.ts";

const file = (status: string, assertionResults: ReadonlyArray<object>, message = "") => ({
  name: "/x/a.test.ts",
  status,
  message,
  assertionResults,
});

const report = (...testResults: ReadonlyArray<object>) => JSON.stringify({ testResults });

const mixed = report(
  file("failed", [
    { fullName: "ledger on pglite appends", status: "passed", meta: {} },
    { fullName: "ledger on pglite reads", status: "failed", meta: {} },
    { fullName: "ledger on postgres appends", status: "skipped", meta: { skipped: "no Postgres" } },
    { fullName: "folds", status: "passed", meta: {} },
    { fullName: "later", status: "todo", meta: {} },
    { fullName: "reads a cursor (no epochs in memory)", status: "skipped" },
  ]),
);

test("a run is counted by runtime and store, and each skip has its reason", () => {
  const outcomes = outcomesOf("Node 24", mixed);
  expect(countsLine(countsOf(outcomes))).toBe("2 passed, 1 failed, 3 skipped");
  expect(tableOf(outcomes)).toEqual([
    "runtime         store         passed  failed skipped",
    "Node 24         memory             0       0       1",
    "Node 24         none               1       0       1",
    "Node 24         pglite             1       1       0",
    "Node 24         postgres           0       0       1",
    "skipped 1 on Node 24: no Postgres",
    "skipped 1 on Node 24: no reason given",
    "skipped 1 on Node 24: no epochs in memory",
  ]);
});

test("a name of a store means nothing where no store is used", () => {
  const named = { fullName: "with DATABASE_URL the store is postgres", status: "passed" };
  const text = report({ ...file("passed", [named]), name: "/x/tests/ops/config.test.ts" });
  expect(outcomesOf("Node 24", text).map(({ store }) => store)).toEqual(["none"]);
});

test("a file that cannot start is a failure, not silence", () => {
  const outcomes = outcomesOf("Deno", report(file("failed", [], "SyntaxError: x\n  at y")));
  expect(outcomes).toEqual([
    {
      runtime: "Deno",
      store: "none",
      name: "/x/a.test.ts: SyntaxError: x",
      result: "failed",
      reason: undefined,
    },
  ]);
});
