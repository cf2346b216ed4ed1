import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as Redacted from "effect/Redacted";
import { expect, test } from "vitest";
import { readConfig } from "../../ops/config.ts";
import { DEVELOPMENT_SECRET_FILE, secretsOf } from "../../ops/development-secret.ts";
import { SETUP_TOKEN_FILE, setupToken, showSetupToken } from "../../ops/setup-token.ts";
import { UsageError } from "../../ops/usage-error.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const configOf = (environment: Record<string, string>) => {
  const config = readConfig(environment, "/srv");
  if (config instanceof UsageError) throw config;
  return config;
};

test("a token is made once, for the owner alone, and every process finds the same", () => {
  const dataFolder = join(temporaryFolder(), "data");
  const config = configOf({ AUTHLEDGER_DATA: dataFolder });
  const token = setupToken(config).prepare();
  const path = join(dataFolder, SETUP_TOKEN_FILE);
  expect(Redacted.value(token)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(readFileSync(path, "utf8").trimEnd()).toBe(Redacted.value(token));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const other = setupToken(config);
  expect(Redacted.value(other.prepare())).toBe(Redacted.value(token));
  expect(other.matches(Redacted.value(token))).toBe(true);
  expect(other.matches(`${Redacted.value(token)}x`)).toBe(false);
  expect(other.matches("")).toBe(false);
});

test("a retired token is gone for every process", () => {
  const config = configOf({ AUTHLEDGER_DATA: temporaryFolder() });
  const token = setupToken(config);
  const other = setupToken(config);
  const value = Redacted.value(token.prepare());
  token.retire();
  expect(existsSync(join(config.dataFolder, SETUP_TOKEN_FILE))).toBe(false);
  expect(token.matches(value)).toBe(false);
  expect(other.matches(value)).toBe(false);
});

test("the variable's token writes no file and is inert after use", () => {
  const folder = join(temporaryFolder(), "data");
  const given = "0123456789abcdef";
  const config = configOf({ AUTHLEDGER_DATA: folder, AUTHLEDGER_SETUP_TOKEN: given });
  const token = setupToken(config);
  expect(Redacted.value(token.prepare())).toBe(given);
  expect(existsSync(folder)).toBe(false);
  expect(token.matches(given)).toBe(true);
  token.retire();
  expect(token.matches(given)).toBe(false);
});

test("the token is shown on a terminal only", () => {
  const written: Array<string> = [];
  const write = (text: string) => written.push(text);
  const shown = { url: "http://localhost:4000", token: Redacted.make("the-token") };
  showSetupToken({ write }, shown);
  expect(written).toEqual([]);
  showSetupToken({ isTTY: true, write }, shown);
  expect(written.join("")).toContain("curl http://localhost:4000/v1/setup");
  expect(written.join("")).toContain("the-token");
});

test("a development secret is made once, for the owner alone", () => {
  const config = configOf({ AUTHLEDGER_DATA: join(temporaryFolder(), "data") });
  const first = secretsOf(config).map(Redacted.value);
  const path = join(config.dataFolder, DEVELOPMENT_SECRET_FILE);
  expect(first.map(({ length }) => length)).toEqual([32]);
  expect(secretsOf(config).map(Redacted.value)).toEqual(first);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(config.dataFolder).mode & 0o777).toBe(0o700);
  chmodSync(path, 0o644);
  expect(() => secretsOf(config)).toThrow(
    `Cannot use ${path}: others may read it (mode 0644), expected 0600`,
  );
});

test("a token is said to be where it is", () => {
  const where = (environment: Record<string, string>) => setupToken(configOf(environment)).where;
  const given = { AUTHLEDGER_SETUP_TOKEN: "sixteen characters and more" };
  expect(where(given)).toEqual({ kind: "environment" });
  expect(where({ ...given, AUTHLEDGER_STORE: "memory" })).toEqual({ kind: "environment" });
  expect(where({ AUTHLEDGER_STORE: "memory" })).toEqual({ kind: "terminal" });
  expect(where({ AUTHLEDGER_DATA: "/srv/elsewhere" })).toEqual({
    kind: "file",
    path: "/srv/elsewhere/setup-token",
  });
  const here = join(process.cwd(), "data");
  expect(where({ AUTHLEDGER_DATA: here })).toEqual({ kind: "file", path: "data/setup-token" });
});
