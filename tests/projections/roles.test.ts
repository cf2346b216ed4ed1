import { expect, test } from "vitest";
import { sealed } from "../../adapters/codec/samples.ts";
import { roles } from "../../projections/roles.ts";
import { at, rowAt, rowsOf } from "./fold.ts";

const t1 = "2026-11-21T00:00:01.000Z";
const by = (actor: string, position: number) => ({ actor, position, at: t1 });
const signedUp = at(
  "user-ada",
  { type: "UserSignedUp", email: sealed, roles: ["user"] },
  by("user:ada", 1),
);
const granted = at("user-ada", { type: "RoleGranted", role: "finance" }, by("user:amy", 2));

test("a role says who gave it, when, and where in the ledger", () => {
  const row = rowAt(roles, "ada:finance", signedUp, granted);
  expect(row).toStrictEqual({
    userId: "ada",
    role: "finance",
    grantedAt: t1,
    grantedBy: "user:amy",
    position: 2,
  });
  expect(row && roles.index(row)).toEqual({ sort: t1, tags: ["user:ada", "role:finance"] });
});

test("a role granted again keeps its first grant; revoked, it is gone", () => {
  const again = at("user-ada", { type: "RoleGranted", role: "finance" }, by("user:eve", 3));
  expect(rowAt(roles, "ada:finance", granted, again)?.grantedBy).toBe("user:amy");
  const revoked = at("user-ada", { type: "RoleRevoked", role: "finance" });
  expect(rowAt(roles, "ada:finance", granted, revoked)).toBeUndefined();
});

test("a promotion moves guest to user", () => {
  const admitted = at("user-ada", { type: "GuestAdmitted" });
  const promoted = at("user-ada", { type: "GuestPromoted", email: sealed, method: "password" });
  expect([...rowsOf(roles, [admitted]).keys()]).toEqual(["ada:guest"]);
  expect([...rowsOf(roles, [admitted, promoted]).keys()]).toEqual(["ada:user"]);
});

test("an architect holds that role beside the others, until dismissed", () => {
  const appointed = at("architects-all", {
    type: "ArchitectAppointed",
    userId: "ada",
    first: true,
  });
  const dismissed = at("architects-all", { type: "ArchitectDismissed", userId: "ada" });
  expect([...rowsOf(roles, [signedUp, appointed]).keys()]).toEqual(["ada:user", "ada:architect"]);
  expect([...rowsOf(roles, [signedUp, appointed, dismissed]).keys()]).toEqual(["ada:user"]);
});

test("an erasure takes every role that it names", () => {
  const erased = at("user-ada", { type: "UserErased", accounts: [], roles: ["user", "finance"] });
  expect(rowsOf(roles, [signedUp, granted, erased]).size).toBe(0);
});
