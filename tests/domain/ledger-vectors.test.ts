import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
} from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { dataKeyAad, sealedAad, vaultAad } from "../../adapters/crypto/aad.ts";
import { keyringOf } from "../../adapters/crypto/keyring.ts";
import { PURPOSES, unwrap, wrapperOf } from "../../adapters/crypto/root-keys.ts";
import { openSealed } from "../../adapters/crypto/sealing-key.ts";
import { canonicalJson } from "../../domain/ledger/canonical.ts";
import { entryId, leafOf } from "../../domain/ledger/derive.ts";
import { encodeEntry } from "../../domain/ledger/encode.ts";
import type { Entry, LedgerName } from "../../domain/ledger/entry.ts";
import { appendLeaf, EMPTY_RANGE, rootOf } from "../../domain/ledger/merkle.ts";
import type { OwnerId, Sealed } from "../../domain/sealed.ts";

/** Each vector is computed twice: by the program, and here from what FORMAT.md says. */
const folder = new URL("../../domain/ledger/", import.meta.url);
const vectors = <V>(name: string): V =>
  JSON.parse(readFileSync(new URL(`vectors/${name}.json`, folder), "utf8")) as V;

const sha256 = (input: Uint8Array | string) => createHash("sha256").update(input).digest();
const hmac = (key: string, text: string) =>
  createHmac("sha256", bytesOf(key)).update(text, "utf8").digest("hex");
const bytesOf = (hex: string) => Buffer.from(hex, "hex");
const keyring = (keys: { readonly [purpose: string]: string }) =>
  keyringOf(
    "0000000000000000",
    PURPOSES.map((purpose) => ({
      purpose,
      version: 1,
      bytes: bytesOf(keys[purpose] ?? "00".repeat(32)),
    })),
  );

function gcm(key: string, given: { nonce: string; aad: string; plaintext: Uint8Array | string }) {
  const cipher = createCipheriv("aes-256-gcm", bytesOf(key), bytesOf(given.nonce));
  cipher.setAAD(Buffer.from(given.aad, "utf8"));
  const ct = Buffer.concat([cipher.update(Buffer.from(given.plaintext)), cipher.final()]);
  return Buffer.concat([bytesOf(given.nonce), ct, cipher.getAuthTag()]);
}

type EntryCase = {
  readonly entry: Entry;
  readonly canonical: string;
  readonly bytes: number;
  readonly leaf: string;
  readonly mac: string;
};

describe("entry.json", () => {
  const { macKey, cases } = vectors<{ macKey: string; cases: ReadonlyArray<EntryCase> }>("entry");

  test.each(cases)("entry $entry.id", ({ entry, canonical, bytes, leaf, mac }) => {
    expect(encodeEntry(entry)).toBe(canonical);
    expect(canonicalJson(entry)).toBe(canonical);
    expect(Buffer.byteLength(canonical)).toBe(bytes);
    const stored = Buffer.from(canonical, "utf8");
    expect(sha256(Buffer.concat([Uint8Array.of(0), stored])).toString("hex")).toBe(leaf);
    expect(Buffer.from(leafOf(sha256, stored)).toString("hex")).toBe(leaf);
    const input = Buffer.concat([Buffer.from(`${entry.ledger}\0`), bytesOf(leaf)]);
    expect(createHmac("sha256", bytesOf(macKey)).update(input).digest("hex")).toBe(mac);
    const ours = keyring({ mac: macKey }).mac(entry.ledger, bytesOf(leaf));
    expect(Buffer.from(ours).toString("hex")).toBe(mac);
  });

  test("the first one stands in FORMAT.md", () => {
    const [first] = cases;
    const format = readFileSync(new URL("FORMAT.md", folder), "utf8").replaceAll("\n", "");
    for (const member of ["canonical", "leaf", "mac"] as const) {
      expect(format).toContain(first?.[member]);
    }
  });
});

test("entry-id.json", () => {
  type Case = { readonly requestId: string; readonly index: number; readonly id: string };
  const { cases } = vectors<{ cases: ReadonlyArray<Case> }>("entry-id");
  for (const { requestId, index, id } of cases) {
    expect(entryId(sha256, requestId, index)).toBe(id);
    const hash = sha256(`authledger/entry-id/v1\n${requestId}\n${index}`);
    const bits = BigInt(`0x${hash.subarray(0, 16).toString("hex")}`);
    const kept = bits & ~(0xfn << 76n) & ~(0x3n << 62n);
    const hex = (kept | (8n << 76n) | (2n << 62n)).toString(16).padStart(32, "0");
    expect(id.replaceAll("-", "")).toBe(hex);
  }
});

test("tree.json", () => {
  type Tree = Readonly<Record<"entries" | "leaves" | "roots", ReadonlyArray<string>>>;
  const { entries, leaves, roots } = vectors<Tree>("tree");
  let range = EMPTY_RANGE;
  for (const [index, entry] of entries.entries()) {
    const leaf = leafOf(sha256, Buffer.from(entry, "utf8"));
    expect(Buffer.from(leaf).toString("hex")).toBe(leaves[index]);
    range = appendLeaf(sha256, range, leaf);
    expect(Buffer.from(rootOf(sha256, range)).toString("hex")).toBe(roots[index + 1]);
  }
});

type SealedCase = {
  readonly ledger: LedgerName;
  readonly owner: OwnerId;
  readonly generation: number;
  readonly field: string;
  readonly plaintext: string;
  readonly aad: string;
  readonly sealed: Sealed;
};

test("sealed.json", () => {
  type File = { dataKey: string; nonce: string; cases: ReadonlyArray<SealedCase> };
  const { dataKey, nonce, cases } = vectors<File>("sealed");
  for (const { sealed, plaintext, aad, ...place } of cases) {
    const { ledger, owner, generation, field } = place;
    expect(sealedAad(place)).toBe(aad);
    const parts = ["authledger/sealed/v1", ledger, owner, generation, field];
    expect(JSON.stringify(parts)).toBe(aad);
    const sealedBytes = gcm(dataKey, { nonce, aad, plaintext });
    expect(sealed).toEqual({
      owner,
      generation,
      nonce: sealedBytes.subarray(0, 12).toString("base64url"),
      ct: sealedBytes.subarray(12).toString("base64url"),
    });
    expect(openSealed(createSecretKey(bytesOf(dataKey)), place, sealed)).toBe(plaintext);
  }
});

type Keys = {
  readonly secret: string;
  readonly secretId: string;
  readonly wrappingKey: string;
  readonly rootKey: {
    readonly purpose: "mac";
    readonly version: number;
    readonly key: string;
    readonly nonce: string;
    readonly aad: string;
    readonly wrapped: string;
  };
  readonly dataKey: {
    readonly owner: OwnerId;
    readonly generation: number;
    readonly keyVersion: number;
    readonly rootKey: string;
    readonly key: string;
    readonly nonce: string;
    readonly aad: string;
    readonly wrapped: string;
  };
  readonly vaultRow: {
    readonly ledger: LedgerName;
    readonly id: string;
    readonly kind: string;
    readonly owner: string;
    readonly version: number;
    readonly rootKey: string;
    readonly nonce: string;
    readonly plaintext: string;
    readonly aad: string;
    readonly ciphertext: string;
    readonly digest: string;
  };
  readonly claims: {
    readonly indexKey: string;
    readonly cases: ReadonlyArray<Readonly<Record<"kind" | "value" | "digest", string>>>;
  };
  readonly artefacts: {
    readonly artefactKey: string;
    readonly cases: ReadonlyArray<Readonly<Record<"purpose" | "value" | "digest", string>>>;
  };
};

describe("keys.json", () => {
  const keys = vectors<Keys>("keys");

  test("the wrapping key, the secret's name and a root key", () => {
    const secret = bytesOf(keys.secret);
    const derive = (info: string, length: number) =>
      Buffer.from(hkdfSync("sha256", secret, "", info, length)).toString("hex");
    expect(derive("authledger/wrapping-key/v1", 32)).toBe(keys.wrappingKey);
    expect(derive("authledger/secret-id/v1", 8)).toBe(keys.secretId);
    const { purpose, version, key, nonce, aad, wrapped } = keys.rootKey;
    expect(aad).toBe(JSON.stringify(["authledger/root-key/v1", purpose, version]));
    const made = gcm(keys.wrappingKey, { nonce, aad, plaintext: bytesOf(key) });
    expect(made.toString("hex")).toBe(wrapped);
    const row = { purpose, version, secretId: keys.secretId, wrapped: bytesOf(wrapped) };
    const opened = unwrap(wrapperOf(secret), row)?.bytes ?? [];
    expect(Buffer.from(opened).toString("hex")).toBe(key);
  });

  test("a data key", () => {
    const { owner, generation, keyVersion, rootKey, key, nonce, aad, wrapped } = keys.dataKey;
    expect(dataKeyAad(owner, generation)).toBe(aad);
    expect(JSON.stringify(["authledger/data-key/v1", owner, generation])).toBe(aad);
    const made = gcm(rootKey, { nonce, aad, plaintext: bytesOf(key) });
    expect(made.toString("hex")).toBe(wrapped);
    const row = { keyVersion, ciphertext: bytesOf(wrapped) };
    const opened = keyring({ "data-key": rootKey }).unwrap("data-key", aad, row) ?? [];
    expect(Buffer.from(opened).toString("hex")).toBe(key);
  });

  test("a vault row and its digest", () => {
    const { ledger, id, kind, owner, rootKey, nonce, plaintext, aad, ...rest } = keys.vaultRow;
    expect(vaultAad(ledger, { id, kind, owner })).toBe(aad);
    expect(JSON.stringify(["authledger/vault/v1", ledger, id, kind, owner])).toBe(aad);
    const ciphertext = gcm(rootKey, { nonce, aad, plaintext });
    expect(ciphertext.toString("hex")).toBe(rest.ciphertext);
    expect(sha256(ciphertext).toString("hex")).toBe(rest.digest);
    const row = { keyVersion: rest.version, ciphertext };
    const opened = keyring({ vault: rootKey }).unwrap("vault", aad, row) ?? [];
    expect(Buffer.from(opened).toString("utf8")).toBe(plaintext);
  });

  test("claim digests", () => {
    const { indexKey, cases } = keys.claims;
    for (const { kind, value, digest } of cases) {
      expect(keyring({ index: indexKey }).claimDigest(kind, value)).toBe(digest);
      expect(hmac(indexKey, `authledger/claim/v1\0${kind}\0${value}`)).toBe(digest);
    }
  });

  test("artefact digests", () => {
    const { artefactKey, cases } = keys.artefacts;
    for (const { purpose, value, digest } of cases) {
      const ours = keyring({ artefact: artefactKey }).artefact(purpose, value);
      expect(Buffer.from(ours).toString("hex")).toBe(digest);
      expect(hmac(artefactKey, `authledger/artefact/v1\0${purpose}\0${value}`)).toBe(digest);
    }
  });
});

test("a decipher of the sealed vector fails under another field", () => {
  const { dataKey, cases } = vectors<{ dataKey: string; cases: ReadonlyArray<SealedCase> }>(
    "sealed",
  );
  const [first] = cases;
  if (first === undefined) throw new Error("sealed.json has a case");
  const bytes = Buffer.from(first.sealed.ct, "base64url");
  const nonce = Buffer.from(first.sealed.nonce, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", bytesOf(dataKey), nonce);
  decipher.setAAD(Buffer.from(first.aad.replace("user.email", "user.name"), "utf8"));
  decipher.setAuthTag(bytes.subarray(-16));
  decipher.update(bytes.subarray(0, -16));
  expect(() => decipher.final()).toThrow();
});
