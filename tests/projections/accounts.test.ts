import { expect, test } from "vitest";
import { accounts } from "../../projections/accounts.ts";
import { at, rowAt } from "./fold.ts";

const [t1, t2] = ["2026-11-21T00:00:01.000Z", "2026-11-21T00:00:02.000Z"] as const;
const account = { accountId: "one", password: { id: "password:1", digest: "d1" } };
const enrolled = at("user-ada", { type: "PasswordEnrolled", ...account }, { at: t1 });
const replaced = at("user-ada", { type: "PasswordReplaced", ...account }, { at: t2 });

test("an account is the user's from enrolment to erasure, and never holds the secret", () => {
  const row = rowAt(accounts, "one", enrolled, replaced);
  expect(row).toStrictEqual({
    id: "one",
    userId: "ada",
    provider: "password",
    createdAt: t1,
    updatedAt: t2,
  });
  expect(row && accounts.index(row)).toEqual({ sort: t1, tags: ["user:ada"] });
  const erased = at("user-ada", { type: "UserErased", accounts: ["one"], roles: ["user"] });
  expect(rowAt(accounts, "one", enrolled, erased)).toBeUndefined();
});
