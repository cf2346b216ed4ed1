import { expect, test } from "vitest";
import { recent } from "../../../adapters/crypto/recent.ts";

test("an answer is remembered for a minute, and no longer", () => {
  let nowMs = 0;
  const answers = recent<string>(2, () => nowMs);
  answers.keep("a", "one");
  nowMs = 59_999;
  expect(answers.get("a")).toBe("one");
  nowMs = 60_000;
  expect(answers.get("a")).toBeUndefined();
  answers.keep("a", "another");
  expect(answers.get("a")).toBe("another");
});

test("of more than may be remembered the oldest answer is let go of", () => {
  const answers = recent<string>(2, () => 0);
  for (const key of ["a", "b", "a", "c"]) answers.keep(key, key);
  expect(["a", "b", "c"].map(answers.get)).toEqual(["a", undefined, "c"]);
});
