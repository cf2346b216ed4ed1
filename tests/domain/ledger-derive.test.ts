import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { entryId, hexOf, leafInput, leafOf } from "../../domain/ledger/derive.ts";

const sha256 = (input: Uint8Array | string) => createHash("sha256").update(input).digest();

test("entryId() is always a UUID of version 8 and variant 10", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(), (requestId, index) => {
      expect(entryId(sha256, requestId, index)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }),
  );
});

test("entryId() never confuses request id and index", () => {
  expect(entryId(sha256, "a\n1", 2)).not.toBe(entryId(sha256, "a", 12));
  expect(entryId(sha256, "a", 11)).not.toBe(entryId(sha256, "a1", 1));
  expect(entryId(sha256, "a", 1)).toBe(entryId(sha256, "a", 1));
});

test("a leaf is the hash of 0x00 and the entry, as in RFC 6962", () => {
  expect([...leafInput(Uint8Array.of(7, 8))]).toEqual([0, 7, 8]);
  expect(hexOf(leafOf(sha256, new Uint8Array(0)))).toBe(
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  );
});
