import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../domain/json.ts";
import { canonicalJson } from "../../domain/ledger/canonical.ts";
import { encodeEntry } from "../../domain/ledger/encode.ts";
import type { Entry } from "../../domain/ledger/entry.ts";

test("canonicalJson() writes the example of RFC 8785 section 3.2.2", () => {
  const value = {
    // biome-ignore lint/correctness/noPrecisionLoss: the RFC's own literal
    numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000f\nA\'B"\\\\"/',
    literals: [null, true, false],
  };
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test("canonicalJson() sorts members as RFC 8785 section 3.2.3 does", () => {
  const value = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
  };
  const order = Object.values(JSON.parse(canonicalJson(value)) as Record<string, string>);
  // "1" comes first out of any object; in the text it follows the carriage return.
  expect(canonicalJson(value).startsWith('{"\\r":"Carriage Return","1":"One",')).toBe(true);
  expect(order.filter((name) => name !== "One")).toEqual([
    "Carriage Return",
    "Control",
    "Latin Small Letter O With Diaeresis",
    "Euro Sign",
    "Emoji: Grinning Face",
    "Hebrew Letter Dalet With Dagesh",
  ]);
});

/** IEEE 754 bits and text: RFC 8785, appendix B. */
const NUMBERS: ReadonlyArray<readonly [bits: string, text: string]> = [
  ["0000000000000000", "0"],
  ["8000000000000000", "0"],
  ["0000000000000001", "5e-324"],
  ["8000000000000001", "-5e-324"],
  ["7fefffffffffffff", "1.7976931348623157e+308"],
  ["ffefffffffffffff", "-1.7976931348623157e+308"],
  ["4340000000000000", "9007199254740992"],
  ["c340000000000000", "-9007199254740992"],
  ["4430000000000000", "295147905179352830000"],
  ["44b52d02c7e14af5", "9.999999999999997e+22"],
  ["44b52d02c7e14af6", "1e+23"],
  ["44b52d02c7e14af7", "1.0000000000000001e+23"],
  ["444b1ae4d6e2ef4e", "999999999999999700000"],
  ["444b1ae4d6e2ef4f", "999999999999999900000"],
  ["444b1ae4d6e2ef50", "1e+21"],
  ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
  ["3eb0c6f7a0b5ed8d", "0.000001"],
  ["41b3de4355555553", "333333333.3333332"],
  ["41b3de4355555554", "333333333.33333325"],
  ["41b3de4355555555", "333333333.3333333"],
  ["41b3de4355555556", "333333333.3333334"],
  ["41b3de4355555557", "333333333.33333343"],
  ["becbf647612f3696", "-0.0000033333333333333333"],
  ["43143ff3c1cb0959", "1424953923781206.2"],
];

test.each(NUMBERS)("canonicalJson() writes the number %s as %s", (bits, text) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  expect(canonicalJson(view.getFloat64(0))).toBe(text);
});

test("canonicalJson() leaves out undefined members and nothing else", () => {
  expect(canonicalJson({ b: undefined, a: null, c: { d: undefined } })).toBe('{"a":null,"c":{}}');
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, "\ud800", { "\udc00": 1 }, ["a\ud83d"]])(
  "canonicalJson() refuses what no JSON says: %j",
  (value) => {
    expect(() => canonicalJson(value)).toThrow("Invariant broken: canonical JSON");
  },
);

/** Sorts as the specification says it, without regard for speed. */
function slowly(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(slowly).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([k, v]) => `${JSON.stringify(k)}:${slowly(v as Json)}`).join()}}`;
}

const json = fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }).map((value) => value as Json);

test("canonicalJson() always says what plain JSON says, sorted", () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonicalJson(value)).toBe(slowly(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("canonicalJson() never depends on the order of members", () => {
  const members = fc.uniqueArray(fc.tuple(fc.string({ unit: "binary" }), json), {
    maxLength: 40,
    selector: ([name]) => name,
  });
  fc.assert(
    fc.property(members, fc.func(fc.integer()), (pairs, rank) => {
      const shuffled = [...pairs].sort((a, b) => rank(a[0]) - rank(b[0]));
      const value = canonicalJson(Object.fromEntries(pairs));
      expect(canonicalJson(Object.fromEntries(shuffled))).toBe(value);
    }),
  );
});

test("encodeEntry() is the canonical JSON of the entry", () => {
  fc.assert(
    fc.property(json, fc.string({ unit: "grapheme" }), (note, text) => {
      const entry: Entry = {
        v: 1,
        ledger: "identity",
        id: text,
        stream: `note-${text}`,
        type: "Noted",
        schema: 3,
        at: "2026-11-21T00:00:00.000Z",
        salt: text,
        meta: { correlation: text, actor: "operator:erase" },
        data: { note },
      };
      expect(encodeEntry(entry)).toBe(canonicalJson(entry));
    }),
  );
});
