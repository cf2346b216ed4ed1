import { expect, test } from "vitest";
import type { Tuple } from "../../domain/tuples/mod.ts";
import { tupleRowKey, tuples } from "../../projections/tuples.ts";
import { at, rowAt, rowsOf } from "./fold.ts";

const viewer = { object: "doc:a", relation: "viewer", subject: "group:eng#member" };
const key = tupleRowKey("s1", viewer);
const changed = (writes: ReadonlyArray<Tuple>, deletes: ReadonlyArray<Tuple>, cause: string) =>
  at("tuples-s1", { type: "TuplesWritten", writes, deletes, cause });
const give = (cause = "") => changed([viewer], [], cause);
const take = (cause = "") => changed([], [viewer], cause);

test("a tuple is found by store, object and subject", () => {
  const row = rowAt(tuples, key, give());
  expect(row).toStrictEqual({ store: "s1", ...viewer, causes: [""] });
  expect(row && tuples.index(row)).toEqual({
    sort: "s1",
    tags: ["store:s1", "s1|object:doc:a", "s1|subject:group:eng#member"],
  });
});

test("a tuple is there while one cause holds it up", () => {
  expect(rowAt(tuples, key, give("two"), give("one"))?.causes).toEqual(["one", "two"]);
  expect(rowAt(tuples, key, give("two"), give("one"), take("two"))?.causes).toEqual(["one"]);
  expect(rowAt(tuples, key, give("one"), take("one"))).toBeUndefined();
  expect(rowAt(tuples, key, give("one"), take())?.causes).toEqual(["one"]);
});

test("the same cause twice is once, and taking what is not there makes nothing", () => {
  expect(rowAt(tuples, key, give(), give())?.causes).toEqual([""]);
  expect(rowAt(tuples, key, give(), give(), take())).toBeUndefined();
  expect(rowAt(tuples, key, take())).toBeUndefined();
});

test("one event touches each tuple once, and stores do not meet", () => {
  const other = { ...viewer, object: "doc:b" };
  const event = changed([viewer, viewer], [other], "");
  expect(tuples.keys(event)).toHaveLength(2);
  const elsewhere = at("tuples-s2", {
    type: "TuplesWritten",
    writes: [],
    deletes: [viewer],
    cause: "",
  });
  expect(rowsOf(tuples, [event, elsewhere]).size).toBe(1);
});

test("ids with the separator in them stay apart", () => {
  const one = { object: "doc:a", relation: "b", subject: "user:x|c|user:y" };
  const two = { object: "doc:a|b|user:x", relation: "c", subject: "user:y" };
  expect(rowsOf(tuples, [changed([one, two], [], "")]).size).toBe(2);
});
