import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hexOf, leafOf } from "../../domain/ledger/derive.ts";
import {
  appendLeaf,
  type CompactRange,
  EMPTY_RANGE,
  nodeOf,
  rootOf,
} from "../../domain/ledger/merkle.ts";

const sha256 = (input: Uint8Array | string) => createHash("sha256").update(input).digest();

/** Entries and roots of the reference implementation of RFC 6962 (certificate-transparency). */
const ENTRIES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const rangeOf = (leaves: ReadonlyArray<Uint8Array>): CompactRange =>
  leaves.reduce((range, leaf) => appendLeaf(sha256, range, leaf), EMPTY_RANGE);

test("the root of n entries is the one of RFC 6962's reference implementation", () => {
  const leaves = ENTRIES.map((entry) => leafOf(sha256, Buffer.from(entry, "hex")));
  const roots = ROOTS.map((_, size) => hexOf(rootOf(sha256, rangeOf(leaves.slice(0, size)))));
  expect(roots).toEqual(ROOTS);
});

/** RFC 6962 section 2.1, word for word. */
function treeHash(leaves: ReadonlyArray<Uint8Array>): Uint8Array {
  if (leaves.length === 0) return sha256("");
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeOf(sha256, treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

test("the root is always the Merkle tree hash as RFC 6962 defines it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.nat(), (size, seed) => {
      const leaves = Array.from({ length: size }, (_, index) => sha256(`${seed}/${index}`));
      const range = rangeOf(leaves);
      expect(range.size).toBe(size);
      expect(hexOf(rootOf(sha256, range))).toBe(hexOf(treeHash(leaves)));
    }),
    { numRuns: 50 },
  );
});

test("appending never changes the range it appends to", () => {
  const [a, b, c] = ["a", "b", "c"].map((text) => sha256(text));
  if (a === undefined || b === undefined || c === undefined) throw new Error("three leaves");
  const one = rangeOf([a]);
  const [ab, ac] = [appendLeaf(sha256, one, b), appendLeaf(sha256, one, c)];
  expect(hexOf(rootOf(sha256, one))).toBe(hexOf(a));
  expect(hexOf(rootOf(sha256, ab))).toBe(hexOf(nodeOf(sha256, a, b)));
  expect(hexOf(rootOf(sha256, ac))).toBe(hexOf(nodeOf(sha256, a, c)));
});
