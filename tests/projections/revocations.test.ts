import { expect, test } from "vitest";
import { revocations, revokes } from "../../projections/revocations.ts";
import { at, rowAt } from "./fold.ts";

test("the last revocation stands, and covers what began before it but for one", () => {
  const first = at("revocation-all", { type: "SessionsRevoked", except: "s1" }, { position: 5 });
  const second = at("revocation-all", { type: "SessionsRevoked", except: "s2" }, { position: 9 });
  const row = rowAt(revocations, "all", first, second);
  expect(row).toMatchObject({ id: "all", position: 9, except: "s2" });
  const covered = ({ id, position }: { readonly id: string; readonly position: number }) =>
    revokes(row, { id, position });
  expect(covered({ id: "s1", position: 4 })).toBe(true);
  expect(covered({ id: "s2", position: 6 })).toBe(false);
  expect(covered({ id: "s3", position: 10 })).toBe(false);
  expect(revokes(undefined, { id: "s3", position: 1 })).toBe(false);
});

test("a revocation without exception covers all", () => {
  const row = rowAt(revocations, "ada", at("revocation-ada", { type: "SessionsRevoked" }));
  expect(row).toEqual({ id: "ada", position: 1, at: "2026-11-21T00:00:00.000Z" });
});
