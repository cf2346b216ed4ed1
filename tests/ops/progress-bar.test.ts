import { expect, test } from "vitest";
import { progressBar, progressLine } from "../../ops/progress-bar.ts";

test("the line shows share, rate and time left", () => {
  expect(progressLine({ done: 2_500, total: 10_000, label: "events", rate: 100 })).toBe(
    "██████░░░░░░░░░░░░░░░░░░ 25 %  2,500/10,000 events  100/s  ETA 1 min 15 s",
  );
  expect(progressLine({ done: 0, total: 0, label: "events", rate: 0 })).toContain("100 %");
});

test("it draws at most ten times a second, and the end always", () => {
  const written: Array<string> = [];
  let now = 0;
  const bar = progressBar({ isTTY: true, write: (text) => written.push(text) }, () => now);
  bar.show(0, 100, "events");
  now = 50;
  bar.show(5, 100, "events");
  now = 100;
  bar.show(10, 100, "events");
  bar.show(100, 100, "events");
  expect(written).toHaveLength(3);
  expect(written[1]).toContain("10 %  10/100 events  100/s  ETA 1 s");
  bar.clear();
  bar.clear();
  expect(written).toHaveLength(4);
});

test("nothing is written where there is no terminal", () => {
  const written: Array<string> = [];
  const bar = progressBar({ write: (text) => written.push(text) }, () => 0);
  bar.show(1, 2, "events");
  bar.clear();
  expect(written).toEqual([]);
});
