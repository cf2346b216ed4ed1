import { chmodSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAuthledger } from "../../../ops/create-authledger.ts";
import { PGLITE_FOLDER } from "../../../ops/store.ts";
import { temporaryFolder } from "../temporary-folder.ts";

test("the embedded database is its owner's alone, in a folder open to everybody too", async () => {
  const data = join(temporaryFolder(), "data");
  const database = join(data, PGLITE_FOLDER);
  mkdirSync(data, { mode: 0o755 });
  const environment = { AUTHLEDGER_DATA: data, LOG_LEVEL: "error" };
  const modeNow = async () => {
    await (await createAuthledger({ environment })).close();
    return statSync(database).mode & 0o777;
  };
  expect(await modeNow()).toBe(0o700);
  chmodSync(database, 0o755);
  expect(await modeNow()).toBe(0o700);
});
