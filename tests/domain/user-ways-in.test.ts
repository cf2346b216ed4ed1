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

describe("accounts at providers", () => {
  const google = { accountId: "google", provider: "google", providerSubject: other } as const;
  const github = { accountId: "github", provider: "github", providerSubject: other } as const;
  const linked = { type: "ProviderLinked", ...google } as const;
  const both = [linked, { type: "ProviderLinked", ...github } as const] as const;
  const unlinked = { type: "ProviderUnlinked", accountId: "google", provider: "google" } as const;
  const doors = { mail: false, providers: ["google", "github"] };
  const unlink = {
    type: "UnlinkProvider",
    accountId: "google",
    doors,
    seen: ["google"],
    session: "here",
  } as const;
  const comesBack = { ...unlinked, session: "here" } as const;
  const bare = { type: "UserSignedUp", roles: ["user"] } as const;

  test("one is unlinked where a password remains", () => {
    given(user, ...ada, linked)
      .when(unlink)
      .then("unlinked", comesBack);
    given(user, ...ada)
      .when(unlink)
      .then("unknown_account");
    given(user, ...ada, linked, unlinked)
      .when(unlink)
      .then("unknown_account");
  });

  test("a password without an address or a name to enter lets nobody in", () => {
    given(user, bare, linked, enrolled).when(unlink).then("last_way_in");
    given(user, bare, linked, enrolled, { type: "UsernameChosen", username: other })
      .when(unlink)
      .then("unlinked", comesBack);
  });

  test("one is unlinked where a proved address, or another open provider, remains", () => {
    given(user, signedUp, linked).when(unlink).then("last_way_in");
    const byMail = { ...unlink, doors: { mail: true, providers: [] } };
    given(user, signedUp, linked).when(byMail).then("last_way_in");
    given(user, signedUp, verified, linked).when(byMail).then("unlinked", comesBack);
    const seen = ["google", "github"];
    given(user, bare, ...both)
      .when({ ...unlink, seen })
      .then("unlinked", comesBack);
    given(user, bare, ...both)
      .when({ ...unlink, seen, doors: { mail: true, providers: ["google"] } })
      .then("last_way_in");
  });

  test("whoever has not seen all of them decides nothing", () => {
    given(user, ...ada, ...both)
      .when(unlink)
      .then("accounts_moved");
    given(user, ...ada, linked)
      .when({ ...unlink, seen: ["google", "github"] })
      .then("accounts_moved");
  });

  test("the first proof that comes without the password unlinks what was linked before", () => {
    const verify = { type: "VerifyEmail", email, removePassword: true } as const;
    const gone = [unlinked, { ...unlinked, accountId: "github", provider: "github" }] as const;
    given(user, ...ada, ...both)
      .when({ ...verify, unlink: {} })
      .then("verified", verified, removed, ...gone);
    given(user, ...ada, ...both)
      .when({ ...verify, unlink: { except: "github" } })
      .then("verified", verified, removed, unlinked);
    given(user, ...ada, ...both)
      .when(verify)
      .then("verified", verified, removed);
    given(user, ...ada, ...both, verified)
      .when({ ...verify, unlink: {} })
      .then("verified");
  });

  test("a provider fills what is empty of a profile and nothing else", () => {
    const values = { name: email, image: other };
    given(user, ...ada)
      .when({ type: "FillProfile", values })
      .then("revised", { type: "ProfileRevised", ...values });
    given(user, ...ada, { type: "ProfileRevised", name: other })
      .when({ type: "FillProfile", values })
      .then("revised", { type: "ProfileRevised", image: other });
    given(user, ...ada, { type: "ProfileRevised", ...values })
      .when({ type: "FillProfile", values })
      .then("revised");
  });

  test("they sign somebody up, or promote a guest, with an address or without", () => {
    const by = { account: google } as const;
    given(user)
      .when({ type: "SignUp", ...by })
      .then("signed_up", bare, linked);
    given(user, bare, linked)
      .when({ type: "SignUp", ...by })
      .then("signed_up");
    given(user)
      .when({ type: "SignUp", ...by, email, verified: true })
      .then("signed_up", signedUp, linked, verified);
    given(user, admitted)
      .when({ type: "PromoteGuest", ...by, session: "here" })
      .then("promoted", { type: "GuestPromoted", method: "provider", session: "here" }, linked);
  });

  test("a hundred are enough", () => {
    const hundred = Array.from({ length: 100 }, (_, at) => ({ ...linked, accountId: `a${at}` }));
    given(user, ...ada, ...hundred)
      .when({ type: "LinkProvider", ...google })
      .then("too_many_accounts");
  });
});
