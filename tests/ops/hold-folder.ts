import { lockFolder } from "../../ops/folder-lock.ts";

/** Started by the tests of the folder lock: holds a folder until it is killed. */
try {
  lockFolder(process.argv[2] ?? "");
  process.stdout.write("held\n");
  setInterval(() => {}, 60_000);
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : "unknown"}\n`);
}
