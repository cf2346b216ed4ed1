import { statSync } from "node:fs";
import { join } from "node:path";
import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { folderLock, LOCK_FILE, lockFolder } from "../../ops/folder-lock.ts";
import { startProgram } from "./program.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const holder = "tests/ops/hold-folder.ts";

test.each([
  ["node", "node"],
  ["node", "deno"],
  ["deno", "node"],
] as const)("a folder held on %s is refused to another process on %s", async (first, second) => {
  const folder = join(temporaryFolder(), "data");
  const holding = startProgram(first, holder, { written: [folder] });
  expect(await holding.line()).toBe("held");
  const refused = startProgram(second, holder, { written: [folder] });
  expect(await refused.line()).toBe(`Cannot use folder ${folder}: another Authledger holds it`);
});

test.each(["node", "deno"] as const)("kill -9 on %s frees the folder", async (runtime) => {
  const folder = join(temporaryFolder(), "data");
  const holding = startProgram(runtime, holder, { written: [folder] });
  expect(await holding.line()).toBe("held");
  expect(() => lockFolder(folder)).toThrow("another Authledger holds it");
  holding.kill("SIGKILL");
  await holding.ended;
  lockFolder(folder)();
});

test("the folder and the lock's file are the owner's alone", () => {
  const folder = join(temporaryFolder(), "data");
  lockFolder(folder)();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, LOCK_FILE)).mode & 0o777).toBe(0o600);
});

test("a scope holds the folder until it closes, and a second one is refused", async () => {
  const folder = temporaryFolder();
  const second = Effect.flip(Effect.scoped(folderLock(folder)));
  const held = Effect.gen(function* () {
    yield* folderLock(folder);
    return yield* second;
  });
  const refused = await Effect.runPromise(Effect.scoped(held));
  expect(refused.lines).toEqual([`Cannot use folder ${folder}: another Authledger holds it`]);
  await Effect.runPromise(Effect.scoped(folderLock(folder)));
});
