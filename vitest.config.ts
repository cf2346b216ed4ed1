import { defineConfig } from "vitest/config";

/** CI and the usual laptop beside other work. */
const WORKERS_MAX = 2;
/** Argon2 and a new PGlite take seconds on two busy cores. */
const TEST_TIMEOUT_MS = 30_000;
const HOOK_TIMEOUT_MS = 60_000;

/** What judges the repository, or starts both runtimes itself, runs once, on Node. */
const onceOnNode = ["tests/tidy.test.ts", "tests/repository.test.ts", "tests/ops/package.test.ts"];
const onDeno = "Deno" in globalThis;

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["**/node_modules/**", ...(onDeno ? onceOnNode : [])],
    pool: "forks",
    maxWorkers: WORKERS_MAX,
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: HOOK_TIMEOUT_MS,
  },
});
