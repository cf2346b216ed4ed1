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

test("an account at a provider is the user's until it is unlinked", () => {
  const providerSubject = { owner: "user:ada", generation: 1, nonce: "n", ct: "c" } as const;
  const told = { accountId: "two", provider: "acme" } as const;
  const linked = at("user-ada", { type: "ProviderLinked", ...told, providerSubject }, { at: t1 });
  expect(rowAt(accounts, "two", linked)).toMatchObject({ provider: "acme", providerSubject });
  const unlinked = at("user-ada", { type: "ProviderUnlinked", ...told }, { at: t2 });
  expect(rowAt(accounts, "two", linked, unlinked)).toBeUndefined();
});
