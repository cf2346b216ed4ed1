import * as z from "zod";

/** A test whose name has one of these words ran on that store, unless it needs no store at all. */
const STORES = ["memory", "pglite", "postgres"] as const;
const NO_STORE = "none";
const withoutStore = /\/tests\/(?:domain|ops|projections)\//;

/** The part of vitest's JSON report that is read here. */
const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          meta: z.object({ skipped: z.string().optional() }).optional(),
        }),
      ),
    }),
  ),
});

/** One test on one runtime. */
export type Outcome = {
  readonly runtime: string;
  readonly store: string;
  readonly name: string;
  readonly result: "passed" | "failed" | "skipped";
  /** Why it was skipped. */
  readonly reason: string | undefined;
};

/** Reads the outcomes of one run; a file that could not even start counts as one failure. */
export const outcomesOf = (runtime: string, text: string): ReadonlyArray<Outcome> =>
  report.parse(JSON.parse(text)).testResults.flatMap((file) => {
    const tests = file.assertionResults.map(({ fullName, status, meta }): Outcome => {
      const result = status === "passed" || status === "failed" ? status : "skipped";
      const store = withoutStore.test(file.name) ? NO_STORE : storeOf(fullName);
      const reason = result === "skipped" ? (meta?.skipped ?? reasonIn(fullName)) : undefined;
      return { runtime, store, name: fullName, result, reason };
    });
    const unseen = file.status === "failed" && !tests.some(({ result }) => result === "failed");
    if (!unseen) return tests;
    const name = `${file.name}: ${file.message.split("\n")[0] ?? ""}`;
    const broken = { runtime, store: NO_STORE, name, result: "failed", reason: undefined } as const;
    return [...tests, broken];
  });

/** Vitest's report has no notes, so a skip without meta says why at the end of its name. */
const reasonIn = (name: string): string => /\(([^()]+)\)$/.exec(name)?.[1] ?? "no reason given";

const storeOf = (name: string): string =>
  STORES.find((store) => new RegExp(`\\b${store}\\b`, "i").test(name)) ?? NO_STORE;

/** How many of each there were. */
export type Counts = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
};

export const countsOf = (outcomes: ReadonlyArray<Outcome>): Counts => {
  const of = (wanted: Outcome["result"]) =>
    outcomes.filter(({ result }) => result === wanted).length;
  return { passed: of("passed"), failed: of("failed"), skipped: of("skipped") };
};

/** The plain last line of a test run. */
export const countsLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** What ran on what, then each reason for a skip with how many it skipped. */
export const tableOf = (outcomes: ReadonlyArray<Outcome>): ReadonlyArray<string> => {
  const groups = Object.entries(
    Object.groupBy(outcomes, ({ runtime, store }) => `${runtime.padEnd(16)}${store.padEnd(12)}`),
  );
  const rows = groups.map(([group, members = []]) => {
    const { passed, failed, skipped } = countsOf(members);
    const columns = [passed, failed, skipped].map((count) => String(count).padStart(8));
    return `${group}${columns.join("")}`;
  });
  const skips = Object.entries(
    Object.groupBy(
      outcomes.filter(({ result }) => result === "skipped"),
      ({ runtime, reason }) => `${runtime}: ${reason}`,
    ),
  );
  return [
    "runtime         store         passed  failed skipped",
    ...rows.sort(),
    ...skips.map(([reason, members = []]) => `skipped ${members.length} on ${reason}`),
  ];
};
