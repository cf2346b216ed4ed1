import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeRecord, type StoredRow } from "../../../adapters/commit/decode-record.ts";
import { entryIds, stamp, tooLarge } from "../../../adapters/commit/stamp.ts";
import { sha256 } from "../../../adapters/crypto/hash.ts";
import { keyringOf } from "../../../adapters/crypto/keyring.ts";
import { generate, PURPOSES } from "../../../adapters/crypto/root-keys.ts";
import type { Append } from "../../../adapters/ports/ledger.ts";
import type { Json } from "../../../domain/json.ts";
import { hexOf, leafOf } from "../../../domain/ledger/derive.ts";
import { encodeEntry } from "../../../domain/ledger/encode.ts";
import { ENTRY_BYTES_MAX } from "../../../domain/ledger/entry.ts";

const keys = PURPOSES.map((purpose) => generate(purpose, 1));
const keyring = keyringOf("0123456789abcdef", keys);
const AT = "2026-11-21T12:00:00.000Z";

const request = (...notes: ReadonlyArray<Json>): Append => ({
  requestId: randomUUID(),
  stream: "note-1",
  expect: "any",
  entries: notes.map((note) => ({ type: "Noted", schema: 1, data: { note } })),
  meta: { actor: "process:test", correlation: randomUUID() },
});

function storedRow(append: Append = request("hello")): StoredRow {
  const [stamped] = stamp(keyring, "identity", append, AT);
  if (stamped === undefined) throw new Error("one entry");
  const { entry, bytes, mac } = stamped;
  const { stream, type, id } = entry;
  return { ledger: "identity", position: 5, revision: 2, stream, type, id, entry: bytes, mac };
}

const json = fc.jsonValue({ maxDepth: 3, stringUnit: "binary" }).map((value) => value as Json);

test("decodeRecord() always gives back what was stamped", () => {
  fc.assert(
    fc.property(json, json, (one, two) => {
      const append = request(one, two);
      for (const [index, stamped] of stamp(keyring, "identity", append, AT).entries()) {
        const { entry, bytes, leaf, mac } = stamped;
        const { stream, type, id } = entry;
        const columns = { ledger: "identity", position: 7, revision: index } as const;
        const row = { ...columns, stream, type, id, entry: bytes, mac };
        const record = decodeRecord(keyring, row);
        expect(Buffer.from(bytes).toString("utf8")).toBe(encodeEntry(entry));
        expect(JSON.parse(JSON.stringify(record))).toEqual({
          ...JSON.parse(encodeEntry(entry)),
          position: 7,
          revision: index,
          leaf: hexOf(leaf),
        });
        expect(hexOf(leaf)).toBe(hexOf(leafOf(sha256, bytes)));
      }
    }),
  );
});

test("a request stamped again has the same ids and other leaves", () => {
  const append = request("a", "b");
  const [one, two] = [1, 2].map(() => stamp(keyring, "identity", append, AT));
  expect(one?.map(({ entry }) => entry.id)).toEqual(entryIds(append.requestId, 2));
  expect(two?.map(({ entry }) => entry.id)).toEqual(entryIds(append.requestId, 2));
  const leaves = [...(one ?? []), ...(two ?? [])].map(({ leaf }) => hexOf(leaf));
  expect(new Set(leaves).size).toBe(4);
});

test("decodeRecord() refuses a row altered in any one bit", () => {
  const row = storedRow();
  fc.assert(
    fc.property(fc.constantFrom("entry", "mac"), fc.nat(), (column, place) => {
      const bytes = new Uint8Array(row[column]);
      const bit = place % (bytes.length * 8);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decodeRecord(keyring, { ...row, [column]: bytes })).toMatchObject({
        _tag: "LedgerCorrupt",
        ledger: "identity",
        position: 5,
        problem: "the MAC does not fit the entry",
      });
    }),
  );
});

test("decodeRecord() refuses columns that lie, a row of another ledger and a foreign key", () => {
  const row = storedRow();
  const problem = (altered: Partial<StoredRow>, under = keyring) => {
    const answer = decodeRecord(under, { ...row, ...altered });
    return "problem" in answer ? answer.problem : undefined;
  };
  expect(problem({})).toBeUndefined();
  expect(problem({ stream: "note-2" })).toBe("the stream column is not the entry's");
  expect(problem({ type: "Other" })).toBe("the type column is not the entry's");
  expect(problem({ id: randomUUID() })).toBe("the id column is not the entry's");
  expect(problem({ ledger: "activity" })).toBe("the MAC does not fit the entry");
  expect(problem({ mac: row.mac.subarray(1) })).toBe("the MAC does not fit the entry");
  const mac = keyring.mac("activity", leafOf(sha256, row.entry));
  expect(problem({ ledger: "activity", mac })).toBe("the entry belongs to another ledger");
  const foreign = keyringOf(
    "0123456789abcdef",
    PURPOSES.map((purpose) => generate(purpose, 1)),
  );
  expect(problem({}, foreign)).toBe("the MAC does not fit the entry");
});

test("decodeRecord() refuses a later format and what is no JSON", () => {
  const row = storedRow();
  const signed = (text: string) => {
    const entry = Buffer.from(text, "utf8");
    return { ...row, entry, mac: keyring.mac("identity", leafOf(sha256, entry)) };
  };
  const later = Buffer.from(row.entry).toString("utf8").replace('"v":1}', '"v":2}');
  expect(decodeRecord(keyring, signed(later))).toMatchObject({
    problem: "the entry has a format this program cannot read",
  });
  expect(decodeRecord(keyring, signed("{"))).toMatchObject({ problem: "the entry is not JSON" });
  expect(decodeRecord(keyring, signed("null"))).toMatchObject({
    problem: "the entry is not JSON",
  });
});

test("tooLarge() knows the exact size before the entry is stamped", () => {
  fc.assert(
    fc.property(fc.constantFrom("x", "é", "€", "😀", "\u0000"), fc.nat(2000), (unit, extra) => {
      const each = Buffer.byteLength(JSON.stringify(unit)) - 2;
      const count = Math.floor((ENTRY_BYTES_MAX - 1000 + extra) / each);
      const append = request(unit.repeat(count));
      const [stamped] = stamp(keyring, "identity", append, AT);
      const bytes = stamped?.bytes.length ?? 0;
      const refusal = tooLarge("identity", append);
      if (bytes <= ENTRY_BYTES_MAX) expect(refusal).toBeUndefined();
      else expect(refusal).toMatchObject({ _tag: "EntryTooLarge", type: "Noted", bytes });
    }),
  );
});
