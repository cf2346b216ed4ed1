import * as Effect from "effect/Effect";
import type { Run } from "../command.ts";
import { describe } from "../doctor/describe.ts";
import { findings } from "../doctor/findings.ts";
import type { StoreServices } from "../store.ts";

const MARKS = { ok: "ok  ", note: "note", bad: "BAD " } as const;

/**
 * Looks at the installation as a whole and says what to do about what is not well; 1 if anything is
 * bad. As JSON it says everything that a program needs of it.
 */
export const run: Run<StoreServices> = Effect.fnUntraced(function* (context) {
  const found = yield* findings(context.config);
  if (context.json) {
    yield* context.out(JSON.stringify(yield* describe(context.config, found)));
  } else {
    for (const { level, what, say } of found) {
      yield* context.out(`${MARKS[level]}  ${what.padEnd(16)} ${say}`);
    }
  }
  return found.some(({ level }) => level === "bad") ? 1 : 0;
});
