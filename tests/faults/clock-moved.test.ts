import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../ops/temporary-folder.ts";
import { architectOf } from "../support/faults-architect.ts";
import { ask } from "../support/faults-client.ts";
import { ledgerOf } from "../support/faults-ledger.ts";
import { anyPostgres, onAnyPostgres } from "../support/faults-postgres.ts";
import { say } from "../support/faults-rounds.ts";
import { RUNTIME, startServer } from "../support/faults-server.ts";

const TIMEOUT_MS = 60_000;

/** A module that moves a process's clock, loaded before the program. */
const moved = (folder: string, ms: number): string => {
  const path = join(folder, `moved-${ms}.mjs`);
  const code = `const now = Date.now;
Date.now = () => now() + ${ms};
globalThis.Date = class extends Date {
  constructor(...given) { given.length === 0 ? super(Date.now()) : super(...given); }
};
`;
  writeFileSync(path, code);
  return path;
};

/** Node loads the module; what it does to the server is no matter of the runtime. */
const onNode = { skip: true, meta: { skipped: "a clock is moved on Node alone" } };

describe("on postgres", RUNTIME === "node" ? onAnyPostgres : onNode, () => {
  let postgres: Awaited<ReturnType<typeof anyPostgres>>;
  beforeAll(async () => {
    postgres = await anyPostgres();
  });
  afterAll(() => postgres?.remove());

  test.each([10_000, -10_000])(
    "a server whose clock is %i ms off is refused and appends nothing",
    async (ms) => {
      const database = await postgres.database();
      const right = await startServer({ data: temporaryFolder(), database });
      const { cookie } = await architectOf(right.base);
      const before = await ledgerOf(right.base, cookie);
      const data = temporaryFolder();
      const wrong = await startServer({ data, database, preload: moved(data, ms) });
      const answer = await ask(wrong.base, "POST /v1/guest");
      expect(answer.status).toBe(503);
      expect(answer.body).toMatchObject({ code: "clock_skew" });
      expect(await ledgerOf(right.base, cookie)).toEqual(before);
      expect((await ask(right.base, "POST /v1/guest")).position).toBe(before.length + 1);
      // Reading needs no clock.
      expect((await ledgerOf(wrong.base, cookie)).length).toBe(before.length + 1);
      say(`postgres under node: a clock ${ms} ms off appended nothing`);
    },
    TIMEOUT_MS,
  );
});
