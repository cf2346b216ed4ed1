import { expect, test } from "vitest";
import { sealed } from "../../adapters/codec/samples.ts";
import { effectiveRoles, users } from "../../projections/users.ts";
import { at, rowAt } from "./fold.ts";

const [t1, t2] = ["2026-11-21T00:00:01.000Z", "2026-11-21T00:00:02.000Z"] as const;
const signedUp = at(
  "user-ada",
  { type: "UserSignedUp", email: sealed, name: sealed, roles: ["user"] },
  { at: t1 },
);
const password = { id: "password:1", digest: "d1" };
const base = {
  id: "ada",
  email: sealed,
  emailVerified: false,
  name: sealed,
  roles: ["user"],
  architect: false,
  status: "active",
  guest: false,
  password: false,
  createdAt: t1,
  updatedAt: t2,
} as const;

test("a sign-up with a password makes a user", () => {
  const enrolled = at(
    "user-ada",
    { type: "PasswordEnrolled", accountId: "one", password },
    { at: t2 },
  );
  const row = rowAt(users, "ada", signedUp, enrolled);
  expect(row).toStrictEqual({ ...base, password: true });
  expect(row && users.index(row)).toEqual({ sort: t1, tags: ["role:user", "status:active"] });
});

test("a guest is tagged until promoted, and keeps the roles and name it had", () => {
  const admitted = at("user-ada", { type: "GuestAdmitted" }, { at: t1 });
  const granted = at("user-ada", { type: "RoleGranted", role: "buyer" });
  const named = at("user-ada", { type: "ProfileRevised", name: sealed });
  const promoted = at(
    "user-ada",
    { type: "GuestPromoted", email: sealed, method: "password" },
    { at: t2 },
  );
  const guest = rowAt(users, "ada", admitted);
  expect(guest && users.index(guest).tags).toEqual(["role:guest", "status:active", "guest:true"]);
  expect(rowAt(users, "ada", admitted, granted, named, promoted)).toStrictEqual({
    ...base,
    roles: ["buyer", "user"],
  });
});

test("an architect's roles are exactly that one, and come back as they were", () => {
  const appointed = at("architects-all", {
    type: "ArchitectAppointed",
    userId: "ada",
    first: true,
  });
  const dismissed = at("architects-all", { type: "ArchitectDismissed", userId: "ada" });
  const row = rowAt(users, "ada", signedUp, appointed);
  expect(row && effectiveRoles(row)).toEqual(["architect"]);
  expect(row && users.index(row).tags).toEqual(["role:architect", "status:active"]);
  const again = rowAt(users, "ada", signedUp, appointed, dismissed);
  expect(again && effectiveRoles(again)).toEqual(["user"]);
});

test("a block shows until when, and goes whole", () => {
  const until = "2027-01-01T00:00:00.000Z";
  const blocked = at("user-ada", { type: "UserBlocked", reason: sealed, until }, { at: t2 });
  const row = rowAt(users, "ada", signedUp, blocked);
  expect(row).toStrictEqual({ ...base, status: "blocked", blockedUntil: until });
  expect(row && users.index(row).tags).toEqual(["role:user", "status:blocked"]);
  const forGood = at("user-ada", { type: "UserBlocked" }, { at: t2 });
  expect(rowAt(users, "ada", signedUp, blocked, forGood)).toStrictEqual({
    ...base,
    status: "blocked",
  });
  const unblocked = at("user-ada", { type: "UserUnblocked" }, { at: t2 });
  expect(rowAt(users, "ada", signedUp, blocked, unblocked)).toStrictEqual(base);
});

test("a profile takes and clears what an event names, and nothing of its place", () => {
  const revised = at(
    "user-ada",
    { type: "ProfileRevised", name: null, bio: sealed },
    { at: t2, position: 9 },
  );
  const { name: _, ...nameless } = base;
  expect(rowAt(users, "ada", signedUp, revised)).toStrictEqual({ ...nameless, bio: sealed });
});

test("an erasure leaves no sealed value and no role, and nothing follows it", () => {
  const bio = at("user-ada", { type: "ProfileRevised", bio: sealed, phone: sealed });
  const erased = at("user-ada", { type: "UserErased", accounts: [], roles: ["user"] }, { at: t2 });
  const late = at("architects-all", { type: "ArchitectAppointed", userId: "ada", first: false });
  const row = rowAt(users, "ada", signedUp, bio, erased, late);
  expect(row).toStrictEqual({
    id: "ada",
    emailVerified: false,
    roles: [],
    architect: false,
    status: "erased",
    guest: false,
    password: false,
    createdAt: t1,
    updatedAt: t2,
  });
  expect(row && users.index(row).tags).toEqual(["status:erased"]);
});
