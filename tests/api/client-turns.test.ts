import { expect, test } from "vitest";
import { clientTurns } from "../../api/oidc/client-turns.ts";

const turns = () => clientTurns((failures) => failures * 100);
const heard = { failed: false, nowMs: 0 };

test("one goes to an application, and four at once when it has answered", () => {
  const { began, ended, except } = turns();
  began("a");
  expect(except(0)).toEqual(["a"]);
  expect(ended("a", heard)).toBe(false);
  for (let times = 0; times < 3; times++) began("a");
  expect(except(0)).toEqual([]);
  began("a");
  began("b");
  expect(except(0)).toEqual(["a", "b"]);
  ended("a", heard);
  expect(except(0)).toEqual(["b"]);
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

test("who answers again is as good as others, and so is failing news again", () => {
  const { began, ended, except } = turns();
  began("a");
  ended("a", { failed: true, nowMs: 0 });
  began("a");
  ended("a", heard);
  for (let times = 0; times < 3; times++) began("a");
  expect(except(0)).toEqual([]);
  expect(ended("a", { failed: true, nowMs: 60 })).toBe(true);
  // Two are under way still, and it did not answer the last time.
  expect(except(1_000)).toEqual(["a"]);
});
