import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { clientsFile } from "../../ops/clients-file/read.ts";
import { readConfig } from "../../ops/config.ts";
import { UsageError } from "../../ops/usage-error.ts";
import { temporaryFolder } from "../ops/temporary-folder.ts";
import { blocksOf } from "./markdown.ts";

const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");

test("the README's file of clients is one, and its mistake is the one it shows", () => {
  const blocks = blocksOf(readme);
  const at = blocks.findIndex(({ text }) => text.includes('"secretFrom"'));
  const { text = "" } = blocks[at] ?? {};
  const folder = temporaryFolder();
  const path = join(folder, "clients.json");
  const environment = { AUTHLEDGER_CLIENTS: "clients.json", SHOP_SECRET: "x".repeat(32) };
  const config = readConfig(environment, folder);
  if (config instanceof UsageError) throw config;
  writeFileSync(path, text);
  const { clients, apis } = clientsFile(config);
  expect(clients.map(({ clientId }) => clientId)).toEqual(["shop", "nightly", "old-shop"]);
  expect(apis).toHaveLength(1);
  writeFileSync(path, text.replace('"redirectUris"', '"redirectUri"'));
  const shown = blocks[at + 1]?.text.trim().replace("/srv/clients.json", path);
  expect(() => clientsFile(config)).toThrow(shown);
});
