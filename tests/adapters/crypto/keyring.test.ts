import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import fc from "fast-check";
import { expect, test } from "vitest";
import { layer } from "../../../adapters/crypto/keyring.ts";
import { generate, PURPOSES, wrap, wrapperOf } from "../../../adapters/crypto/root-keys.ts";
import { Keyring } from "../../../adapters/ports/keyring.ts";
import { RootKeys, type WrappedRootKey } from "../../../adapters/ports/root-keys.ts";

const [older, newer, foreign] = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

/** Root keys in an array that the test can look into. */
function store(rows: Array<WrappedRootKey> = []) {
  const put = (key: WrappedRootKey) => {
    const at = rows.findIndex((row) => row.purpose === key.purpose && row.version === key.version);
    if (at < 0) rows.push(key);
    else rows[at] = key;
  };
  const layer = Layer.succeed(RootKeys, {
    all: Effect.sync(() => [...rows]),
    found: (keys) =>
      Effect.sync(() =>
        keys.map((key) => {
          const held = rows.find((row) => row.purpose === key.purpose);
          if (held === undefined) rows.push(key);
          return held ?? key;
        }),
      ),
    rewrap: (keys) => Effect.sync(() => keys.forEach(put)),
  });
  return { rows, layer };
}

const opened = (stored: Layer.Layer<RootKeys>, ...secrets: ReadonlyArray<Uint8Array>) =>
  Effect.service(Keyring).pipe(
    Effect.provide(layer(secrets.map((secret) => Redacted.make(secret)))),
    Effect.provide(stored),
  );

test("an empty store gets five wrapped root keys, and the next start opens the same", async () => {
  const { rows, layer: stored } = store();
  const first = await Effect.runPromise(opened(stored, older));
  expect(rows.map(({ purpose, version }) => [purpose, version])).toEqual(
    PURPOSES.map((purpose) => [purpose, 1]),
  );
  expect(new Set(rows.map(({ secretId }) => secretId))).toEqual(new Set([first.secretId]));
  const second = await Effect.runPromise(opened(stored, older));
  expect(second.claimDigest("email", "ada")).toBe(first.claimDigest("email", "ada"));
});

test("a rotated secret wraps all keys anew and changes nothing else", async () => {
  const { rows, layer: stored } = store();
  const before = await Effect.runPromise(opened(stored, older));
  const wrapped = before.wrap("vault", "here", Uint8Array.of(1, 2, 3));
  const rotated = await Effect.runPromise(opened(stored, newer, older));
  expect(rotated.secretId).toBe(wrapperOf(newer).secretId);
  expect(rows.map(({ secretId }) => secretId)).toEqual(PURPOSES.map(() => rotated.secretId));
  const after = await Effect.runPromise(opened(stored, newer));
  const leaf = new Uint8Array(32);
  expect(after.mac("identity", leaf)).toEqual(before.mac("identity", leaf));
  expect([...(after.unwrap("vault", "here", wrapped) ?? [])]).toEqual([1, 2, 3]);
});

test("a secret that does not open the keys is refused and nothing is touched", async () => {
  const { rows, layer: stored } = store();
  await Effect.runPromise(opened(stored, older));
  const before = structuredClone(rows);
  const error = await Effect.runPromise(Effect.flip(opened(stored, foreign, newer)));
  expect(error).toMatchObject({ _tag: "WrongSecret", wanted: wrapperOf(older).secretId });
  expect((error as Error).message).toContain(
    "AUTHLEDGER_SECRET does not open the keys of this ledger",
  );
  expect(structuredClone(rows)).toEqual(before);
});

test("a root key row of another purpose or version does not open", async () => {
  const wrapper = wrapperOf(older);
  const rows = PURPOSES.map((purpose) => wrap(wrapper, generate(purpose, 1)));
  const [first, second, ...rest] = rows as [WrappedRootKey, WrappedRootKey];
  const swapped = [
    { ...first, wrapped: second.wrapped },
    { ...second, wrapped: first.wrapped },
    ...rest,
  ];
  const error = await Effect.runPromise(Effect.flip(opened(store(swapped).layer, older)));
  expect(error).toMatchObject({ _tag: "RootKeyDamaged" });
});

test("two processes that found the keys at once use the same ones", async () => {
  const { rows, layer: stored } = store();
  const [one, two] = await Effect.runPromise(
    Effect.all([opened(stored, older), opened(stored, older)], { concurrency: "unbounded" }),
  );
  expect(rows).toHaveLength(PURPOSES.length);
  expect(one.claimDigest("email", "ada")).toBe(two.claimDigest("email", "ada"));
});

test("digests differ by kind, purpose, ledger and value, however these are cut", async () => {
  const keyring = await Effect.runPromise(opened(store().layer, older));
  expect(keyring.claimDigest("email", "ada")).toMatch(/^[0-9a-f]{64}$/);
  expect(keyring.claimDigest("email", "ada")).not.toBe(keyring.claimDigest("username", "ada"));
  expect(keyring.claimDigest("em", "ailada")).not.toBe(keyring.claimDigest("email", "ada"));
  const leaf = new Uint8Array(32);
  expect(keyring.mac("identity", leaf)).not.toEqual(keyring.mac("activity", leaf));
  expect(keyring.artefact("reset", "x")).not.toEqual(keyring.artefact("verify", "x"));
  expect(keyring.artefact("reset", "x")).toHaveLength(32);
});

test("unwrap() always gives back what wrap() took, and nothing when anything differs", async () => {
  const keyring = await Effect.runPromise(opened(store().layer, older));
  fc.assert(
    fc.property(fc.uint8Array(), fc.string(), fc.nat(), (plaintext, aad, place) => {
      const wrapped = keyring.wrap("data-key", aad, plaintext);
      expect([...(keyring.unwrap("data-key", aad, wrapped) ?? [])]).toEqual([...plaintext]);
      expect(keyring.unwrap("vault", aad, wrapped)).toBeUndefined();
      expect(keyring.unwrap("data-key", `${aad} `, wrapped)).toBeUndefined();
      expect(keyring.unwrap("data-key", aad, { ...wrapped, keyVersion: 2 })).toBeUndefined();
      const ciphertext = new Uint8Array(wrapped.ciphertext);
      const at = place % ciphertext.length;
      ciphertext[at] = (ciphertext[at] ?? 0) ^ (1 << (place % 8));
      expect(keyring.unwrap("data-key", aad, { ...wrapped, ciphertext })).toBeUndefined();
      const short = wrapped.ciphertext.subarray(0, place % 28);
      expect(keyring.unwrap("data-key", aad, { ...wrapped, ciphertext: short })).toBeUndefined();
    }),
  );
});
