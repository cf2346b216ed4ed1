import { pbkdf2Sync, scryptSync } from "node:crypto";
import { hashSync } from "bcryptjs";
import * as Effect from "effect/Effect";
import * as Logger from "effect/Logger";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, describe, expect, test } from "vitest";
import {
  importedBetterAuth,
  importedKeycloak,
  importedPhc,
} from "../../../adapters/argon2/imported-hash.ts";
import { CHEAP, layer } from "../../../adapters/argon2/password-hash.ts";
import { PasswordHash } from "../../../adapters/ports/password-hash.ts";

const runtime = ManagedRuntime.make(layer(CHEAP));
afterAll(() => runtime.dispose());
const use = <A, E>(ask: (hashes: PasswordHash["Service"]) => Effect.Effect<A, E>) =>
  runtime.runPromise(Effect.flatMap(Effect.service(PasswordHash), ask));
const verify = (stored: string, password: string) =>
  use((hashes) => hashes.verify(stored, password));

const PASSWORD = "pässword 🗝️";

/** Exactly as better-auth 1.x makes it. */
function betterAuth(password: string): string {
  const salt = "0123456789abcdef0123456789abcdef";
  const cost = { N: 16_384, r: 16, p: 1, maxmem: 128 * 16_384 * 16 * 2 };
  return `${salt}:${scryptSync(password.normalize("NFKC"), salt, 64, cost).toString("hex")}`;
}

/** Exactly as Keycloak writes it, after its two JSON columns are parsed. */
function keycloak(algorithm: "pbkdf2-sha256" | "pbkdf2-sha512", bytes: number) {
  const salt = Buffer.from("0f1e2d3c4b5a69788796a5b4c3d2e1f0", "hex");
  const value = pbkdf2Sync(PASSWORD, salt, 27_500, bytes, algorithm.slice("pbkdf2-".length));
  return {
    credentialData: { hashIterations: 27_500, algorithm, additionalParameters: {} },
    secretData: {
      value: value.toString("base64"),
      salt: salt.toString("base64"),
      additionalParameters: {},
    },
  };
}

const bcrypt = hashSync(PASSWORD, 4);
const imported = {
  "scrypt of Better Auth": importedBetterAuth(betterAuth(PASSWORD)),
  "PBKDF2-SHA256 of Keycloak": importedKeycloak(keycloak("pbkdf2-sha256", 64)),
  "PBKDF2-SHA512 of Keycloak": importedKeycloak(keycloak("pbkdf2-sha512", 64)),
  "bcrypt $2a$": importedPhc(bcrypt.replace(/^\$2b/, "$2a")),
  "bcrypt $2b$": importedPhc(bcrypt),
  "bcrypt $2y$ of PHP": importedPhc(bcrypt.replace(/^\$2b/, "$2y")),
  "bcrypt in Better Auth": importedBetterAuth(bcrypt),
};

test.each(Object.entries(imported))("%s is verified, and is not current", async (_, stored) => {
  if (stored === undefined) throw new Error("it was not imported");
  expect(await verify(stored, PASSWORD)).toBe(true);
  expect(await verify(stored, `${PASSWORD}!`)).toBe(false);
  expect(await verify(stored, "")).toBe(false);
  expect(await use((hashes) => Effect.sync(() => hashes.isCurrent(stored)))).toBe(false);
});

test.each([
  // Vectors of jBCrypt, so that it is not only ourselves that we agree with.
  ["$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i", "abc"],
  ["$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", "a"],
])("a published bcrypt hash is verified: %s", async (stored, password) => {
  expect(await verify(stored, password)).toBe(true);
});

test("published scrypt and PBKDF2 keys are verified", async () => {
  const b64 = (hex: string) => Buffer.from(hex, "hex").toString("base64").replaceAll("=", "");
  const salt = Buffer.from("NaCl").toString("base64").replaceAll("=", "");
  // RFC 7914 section 12, third vector: N 1024, r 8, p 16.
  const scrypt =
    "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162" +
    "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640";
  expect(await verify(`$scrypt$ln=10,r=8,p=16$${salt}$${b64(scrypt)}`, "password")).toBe(true);
  // RFC 7914 section 11, second vector: 80,000 iterations.
  const pbkdf2 =
    "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56" +
    "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d";
  expect(await verify(`$pbkdf2-sha256$i=80000$${salt}$${b64(pbkdf2)}`, "Password")).toBe(true);
});

describe("what cannot be read answers false, and is logged without being shown", () => {
  const [key, salt] = ["A".repeat(86), "c2FsdHNhbHQ"];
  test.each([
    "",
    "garbage",
    "$argon2id$v=19$m=8,t=1,p=1$short",
    "$2b$31$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkY8jIucDrjc8deX1sAA",
    `$scrypt$ln=30,r=16,p=16$${salt}$${key}`,
    `$scrypt$ln=14,r=0,p=1$${salt}$${key}`,
    `$scrypt$ln=14,r=16,p=1$${salt}$AA`,
    `$pbkdf2-sha256$i=0$${salt}$${key}`,
    `$pbkdf2-sha256$i=99999999$${salt}$${key}`,
    `$pbkdf2-md5$i=1000$${salt}$${key}`,
  ])("%j", async (stored) => {
    const lines: Array<string> = [];
    const logger = Logger.make<unknown, void>(({ message }) => {
      lines.push(String(message));
    });
    const answer = await use((hashes) =>
      Effect.provide(hashes.verify(stored, "password"), Logger.layer([logger])),
    );
    expect(answer).toBe(false);
    expect(lines).toEqual(["Cannot read a stored password hash: nobody signs in with it"]);
  });
});

test("what is no hash, or costs too much, is not imported", () => {
  const phc = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5";
  expect(importedPhc(phc)).toBe(phc);
  expect(importedPhc(phc.replace("65536", "4194304"))).toBeUndefined();
  expect(importedPhc("$2b$20$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkY8jIucDrjc8deX1sAA")).toBe(
    undefined,
  );
  expect(importedBetterAuth("plain text")).toBeUndefined();
  expect(importedBetterAuth("0123:4567")).toBeUndefined();
  const row = keycloak("pbkdf2-sha256", 64);
  const { credentialData, secretData } = row;
  const changed = (data: object, secret: object = {}) =>
    importedKeycloak({
      credentialData: { ...credentialData, ...data },
      secretData: { ...secretData, ...secret },
    });
  expect(changed({})).toMatch(/^\$pbkdf2-sha256\$i=27500\$/);
  expect(changed({ algorithm: "argon2" })).toBeUndefined();
  expect(changed({ hashIterations: -1 })).toBeUndefined();
  expect(changed({ hashIterations: "many" })).toBeUndefined();
  expect(changed({}, { value: "" })).toBeUndefined();
  expect(changed({}, { salt: 7 })).toBeUndefined();
});

test("comparing bcrypt does not hold the event loop", async () => {
  const stored = hashSync(PASSWORD, 10);
  let turns = 0;
  const turning = setInterval(() => turns++, 1);
  expect(await verify(stored, PASSWORD)).toBe(true);
  clearInterval(turning);
  expect(turns).toBeGreaterThan(0);
});
