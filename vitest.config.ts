import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** A worker waits for a database or a program half of its time: three keep two cores busy. */
const WORKERS_MAX = 3;
/** Argon2 and a new PGlite take seconds on two busy cores. */
const TEST_TIMEOUT_MS = 30_000;
const HOOK_TIMEOUT_MS = 60_000;

/**
 * What judges the repository, runs what a reader of the README types, starts both runtimes itself,
 * or drives a browser or a client, which do not know who answers them, runs once, on Node.
 */
const onceOnNode = [
  "tests/tidy.test.ts",
  "tests/repository.test.ts",
  "tests/docs/*.test.ts",
  "tests/ops/package.test.ts",
  "tests/e2e/accessibility.test.ts",
  "tests/e2e/pages.test.ts",
  "tests/e2e/protocol-accessibility.test.ts",
  "tests/e2e/protocol.test.ts",
  "tests/e2e/single-page.test.ts",
  "tests/e2e/forms-across-sites.test.ts",
  "tests/clients/*.test.ts",
];
/** Small files that run the whole API: begun last, as by size, they would end alone. */
const longest = ["tests/api/postgres.test.ts", "tests/api/pglite.test.ts"];

class LongestFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>) {
    const isLong = ({ moduleId }: TestSpecification) =>
      longest.some((file) => moduleId.endsWith(file));
    const rest = await super.sort(files.filter((file) => !isLong(file)));
    return [...files.filter(isLong), ...rest];
  }
}

const onDeno = "Deno" in globalThis;

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["**/node_modules/**", ...(onDeno ? onceOnNode : [])],
    pool: "forks",
    maxWorkers: WORKERS_MAX,
    sequence: { sequencer: LongestFirst },
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: HOOK_TIMEOUT_MS,
  },
});
