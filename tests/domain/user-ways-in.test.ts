import { describe, test } from "vitest";
import { user } from "../../domain/user/mod.ts";
import { given } from "../support/given.ts";
import {
  account,
  ada,
  admitted,
  email,
  enrolled,
  first,
  sealedAs,
  second,
  signedUp,
} from "./ada.ts";

const verified = { type: "EmailVerified" } as const;
const removed = { type: "PasswordRemoved", accountId: "account" } as const;
const other = sealedAs("other");

describe("VerifyEmail", () => {
  const verify = { type: "VerifyEmail", email, removePassword: false } as const;

  test("proves the present address, once", () => {
    given(user, ...ada)
      .when(verify)
      .then("verified", verified);
    given(user, ...ada, verified)
      .when(verify)
      .then("verified");
    given(user, ...ada)
      .when({ ...verify, email: other })
      .then("email_moved");
    given(user, admitted).when(verify).then("guest");
  });

  test("the first proof without the password removes it; a later one leaves it", () => {
    const without = { ...verify, removePassword: true, session: "here" };
    given(user, ...ada)
      .when(without)
      .then("verified", verified, { ...removed, session: "here" });
    given(user, ...ada, verified)
      .when(without)
      .then("verified");
    given(user, signedUp).when(without).then("verified", verified);
  });
});

describe("ReplaceEmail", () => {
  const replace = { type: "ReplaceEmail", email: other, session: "here" } as const;
  const replaced = {
    type: "EmailReplaced",
    email: other,
    previous: email,
    session: "here",
  } as const;

  test("takes a proved address and remembers the one before", () => {
    given(user, ...ada)
      .when(replace)
      .then("email_replaced", replaced);
    given(user, ...ada, replaced)
      .when(replace)
      .then("email_replaced");
    given(user, admitted).when(replace).then("guest");
    given(user, ...ada, replaced)
      .when({ type: "VerifyEmail", email: other, removePassword: true })
      .then("verified");
  });
});

describe("ChooseUsername", () => {
  test("takes the name, once", () => {
    const chosen = { type: "UsernameChosen", username: other } as const;
    given(user, ...ada)
      .when({ type: "ChooseUsername", username: other })
      .then("username_chosen", chosen);
    given(user, ...ada, chosen)
      .when({ type: "ChooseUsername", username: other })
      .then("username_chosen");
  });
});

describe("passwords that were proved", () => {
  const replace = { type: "ReplacePassword", password: second, proved: first } as const;
  const rehash = { type: "RehashPassword", password: second, proved: first } as const;
  const replaced = { type: "PasswordReplaced", accountId: "account", password: second } as const;
  const rehashed = { type: "PasswordRehashed", accountId: "account", password: second } as const;
  const third = { id: "password:1", digest: "d3" };

  test("one that was replaced meanwhile proves nothing", () => {
    given(user, ...ada)
      .when(replace)
      .then("replaced", replaced);
    given(user, ...ada, { ...replaced, password: third })
      .when(replace)
      .then("password_moved");
    given(user, ...ada)
      .when(rehash)
      .then("rehashed", rehashed);
    given(user, ...ada, rehashed)
      .when(rehash)
      .then("rehashed");
    given(user, ...ada, { ...replaced, password: third })
      .when(rehash)
      .then("password_moved");
    given(user, signedUp).when(rehash).then("no_password");
  });

  test("a removed one is enrolled anew", () => {
    given(user, ...ada, verified, removed)
      .when({ type: "EnrollPassword", ...account })
      .then("enrolled", enrolled);
  });
});

describe("LinkProvider", () => {
  const link = {
    type: "LinkProvider",
    accountId: "google",
    provider: "google",
    providerSubject: other,
  } as const;
  const linked = { ...link, type: "ProviderLinked" } as const;

  test("adds an account, once, and an erasure names it", () => {
    given(user, ...ada)
      .when(link)
      .then("linked", linked);
    given(user, ...ada, linked)
      .when(link)
      .then("linked");
    const by = { id: "ada", rank: "other" } as const;
    given(user, ...ada, linked)
      .when({ type: "Erase", by, target: { id: "ada", architect: false } })
      .then("erased", { type: "UserErased", accounts: ["account", "google"], roles: ["user"] });
  });
});
