import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createPrivateFolder } from "../../ops/private-file.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("a folder and those above it are made for their owner alone, and again is the same", () => {
  const folder = join(temporaryFolder(), "a", "b", "c");
  createPrivateFolder(folder);
  createPrivateFolder(folder);
  for (const each of [folder, join(folder, ".."), join(folder, "..", "..")]) {
    expect(statSync(each).mode & 0o777).toBe(0o700);
  }
});

test("where none can be made it is one line, and it ends", () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  const mistakes = [
    ["/proc/authledger/data", /^Cannot use folder \/proc\/authledger\/data: .*\(E\w+\)$/],
    [file, /\(ENOTDIR\)$/],
    [join(file, "below"), /\(ENOTDIR\)$/],
  ] as const;
  for (const [folder, line] of mistakes) {
    expect(() => createPrivateFolder(folder)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(line) }),
    );
  }
});
