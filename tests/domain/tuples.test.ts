import fc from "fast-check";
import { expect, test } from "vitest";
import { isTuple, TUPLE_CHANGES_MAX, tupleKey, tuples } from "../../domain/tuples/mod.ts";
import { given } from "../support/given.ts";
import { tuple } from "./arbitraries.ts";

const viewer = { object: "doc:a", relation: "viewer", subject: "user:1" };
const editor = { ...viewer, relation: "editor" };
const write = { type: "WriteTuples", writes: [viewer], deletes: [editor], cause: "" } as const;
const many = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ ...viewer, object: `doc:${at}` }));

test("WriteTuples is one fact for one request, each change once", () => {
  given(tuples)
    .when({ ...write, writes: [viewer, { ...viewer }] })
    .then("written", { type: "TuplesWritten", writes: [viewer], deletes: [editor], cause: "" });
});

test("WriteTuples without changes is nothing", () => {
  given(tuples)
    .when({ ...write, writes: [], deletes: [] })
    .then("nothing");
});

test("WriteTuples takes a hundred changes and refuses one more", () => {
  const writes = many(TUPLE_CHANGES_MAX - 1);
  const full = { ...write, writes };
  given(tuples)
    .when(full)
    .then("written", { type: "TuplesWritten", writes, deletes: [editor], cause: "" });
  given(tuples)
    .when({ ...write, writes: many(TUPLE_CHANGES_MAX) })
    .then("too_many");
});

test("WriteTuples refuses to write and delete one tuple at once", () => {
  given(tuples)
    .when({ ...write, deletes: [viewer] })
    .then("contradictory");
});

test("WriteTuples refuses a cause with white space", () => {
  given(tuples)
    .when({ ...write, cause: "two words" })
    .then("malformed");
});

test.each([
  { ...viewer, object: "doc" },
  { ...viewer, object: ":a" },
  { ...viewer, object: "doc:" },
  { ...viewer, object: "doc:*" },
  { ...viewer, object: "doc:a#viewer" },
  { ...viewer, object: "doc:a b" },
  { ...viewer, object: "doc:a\u0000" },
  { ...viewer, object: "doc:\ud800" },
  { ...viewer, object: `doc:${"a".repeat(257)}` },
  { ...viewer, object: `${"t".repeat(255)}:a` },
  { ...viewer, object: "a@b:c" },
  { ...viewer, relation: "" },
  { ...viewer, relation: "a:b" },
  { ...viewer, relation: "r".repeat(51) },
  { ...viewer, subject: "user:*#member" },
  { ...viewer, subject: "group:eng#" },
  { ...viewer, subject: "group:eng#a#b" },
  {
    ...viewer,
    object: `doc:${"€".repeat(256)}`,
    subject: `${"€".repeat(100)}:${"|".repeat(256)}#${"€".repeat(50)}`,
    relation: "€".repeat(50),
  },
  {
    object: `${"€".repeat(200)}:${"€".repeat(256)}`,
    relation: "viewer",
    subject: `${"€".repeat(200)}:${"€".repeat(256)}`,
  },
])("WriteTuples refuses %j", (malformed) => {
  given(tuples)
    .when({ ...write, writes: [malformed] })
    .then("malformed");
});

test.each([
  { ...viewer, object: `${"t".repeat(254)}:${"i".repeat(256)}`, relation: "r".repeat(50) },
  { ...viewer, object: "doc:*.txt" },
  { ...viewer, object: "doc:a:b" },
  { ...viewer, subject: "user:*" },
  { ...viewer, subject: "group:eng#member" },
  { ...viewer, subject: "user:auth0|7" },
])("WriteTuples takes %j", (wellFormed) => {
  expect(isTuple(wellFormed)).toBe(true);
});

test("two tuples have one key only when they are one tuple", () => {
  const separator = fc.constantFrom("a", "|", "%", "7C", "%7C", ":", "x");
  const part = fc.array(separator, { minLength: 1, maxLength: 5 }).map((text) => text.join(""));
  const any = fc.oneof(tuple, fc.record({ object: part, relation: part, subject: part }));
  fc.assert(
    fc.property(any, any, (one, other) => {
      const same =
        one.object === other.object &&
        one.relation === other.relation &&
        one.subject === other.subject;
      expect(tupleKey(one) === tupleKey(other)).toBe(same);
    }),
    { numRuns: 2000 },
  );
});
