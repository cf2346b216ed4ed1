import { expect, test } from "vitest";
import { clientTurns } from "../../api/oidc/client-turns.ts";

const turns = () => clientTurns((failures) => failures * 100);

test("four go to one application at once, and to another as well", () => {
  const { began, ended, except } = turns();
  for (let times = 0; times < 3; times++) began("a");
  expect(except(0)).toEqual([]);
  began("a");
  began("b");
  expect(except(0)).toEqual(["a"]);
  expect(ended("a", { failed: false, nowMs: 0 })).toBe(false);
  expect(except(0)).toEqual([]);
});

test("who fails is left alone, longer each time, then tried by one", () => {
  const { began, ended, except } = turns();
  began("a");
  expect(ended("a", { failed: true, nowMs: 1_000 })).toBe(true);
  expect([except(1_099), except(1_100)]).toEqual([["a"], []]);
  began("a");
  expect(except(1_100)).toEqual(["a"]);
  // That it fails was said once.
  expect(ended("a", { failed: true, nowMs: 1_200 })).toBe(false);
  expect([except(1_399), except(1_400)]).toEqual([["a"], []]);
});

test("who answers again is as good as others", () => {
  const { began, ended, except } = turns();
  began("a");
  ended("a", { failed: true, nowMs: 0 });
  began("a");
  ended("a", { failed: false, nowMs: 50 });
  for (let times = 0; times < 3; times++) began("a");
  expect(except(50)).toEqual([]);
  began("a");
  expect(except(50)).toEqual(["a"]);
  expect(ended("a", { failed: true, nowMs: 60 })).toBe(true);
});
