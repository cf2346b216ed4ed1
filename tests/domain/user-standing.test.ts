import { describe, expect, test } from "vitest";
import { isBlockedAt, type UserEvent, user } from "../../domain/user/mod.ts";
import { given } from "../support/given.ts";
import {
  account,
  ada,
  admin,
  admitted,
  architect,
  blocked,
  email,
  erased,
  granted,
  name,
  owner,
  second,
  self,
  target,
} from "./ada.ts";

describe("Block and Unblock", () => {
  test.each(["admin", "auditor"])("of an %s are an architect's alone", (role) => {
    const past = [...ada, granted(role)] as const;
    const block = { type: "Block", target } as const;
    given(user, ...past)
      .when({ ...block, by: admin })
      .then("architects_only");
    given(user, ...past)
      .when({ ...block, by: architect })
      .then("blocked", blocked);
    given(user, ...past, blocked)
      .when({ type: "Unblock", by: admin, target })
      .then("architects_only");
  });

  const until = "2027-01-01T00:00:00.000Z";
  const block = { type: "Block", by: admin, target } as const;
  const unblock = { type: "Unblock", by: admin, target } as const;

  test("block once, and again when reason or time differ", () => {
    given(user, ...ada)
      .when(block)
      .then("blocked", blocked);
    given(user, ...ada, blocked)
      .when(block)
      .then("blocked");
    given(user, ...ada, blocked)
      .when({ ...block, until, reason: name })
      .then("blocked", { type: "UserBlocked", reason: name, until });
    const timed = { type: "UserBlocked", reason: name, until } as const;
    given(user, ...ada, timed)
      .when({ ...block, until, reason: name })
      .then("blocked");
    given(user, ...ada, timed)
      .when({ ...block, reason: name })
      .then("blocked", { type: "UserBlocked", reason: name });
    given(user, ...ada, timed)
      .when({ ...block, until, reason: email })
      .then("blocked", { type: "UserBlocked", reason: email, until });
  });

  test("unblock once", () => {
    given(user, ...ada, blocked)
      .when(unblock)
      .then("unblocked", { type: "UserUnblocked" });
    given(user, ...ada)
      .when(unblock)
      .then("unblocked");
  });

  test("nobody blocks themselves, and an architect is dismissed first", () => {
    given(user, ...ada)
      .when({ ...block, by: self })
      .then("oneself");
    given(user, ...ada)
      .when({ ...block, target: owner })
      .then("architects_only");
    given(user, ...ada)
      .when({ ...block, target: owner, by: architect })
      .then("dismiss_first");
    given(user, ...ada, blocked)
      .when({ ...unblock, target: owner })
      .then("architects_only");
  });

  test("a block holds until its time, one without a time for good", () => {
    const state = (...events: ReadonlyArray<UserEvent>) =>
      [...ada, ...events].reduce(user.evolve, user.initial);
    const timed = state({ type: "UserBlocked", until });
    expect(isBlockedAt(timed, "2026-12-31T23:59:59.999Z")).toBe(true);
    expect(isBlockedAt(timed, until)).toBe(false);
    expect(isBlockedAt(state(blocked), until)).toBe(true);
    expect(isBlockedAt(state(blocked, { type: "UserUnblocked" }), until)).toBe(false);
  });
});

describe("Erase", () => {
  const erase = { type: "Erase", by: architect, target } as const;

  test("names the accounts and roles that were held, once", () => {
    given(user, ...ada)
      .when(erase)
      .then("erased", erased);
    given(user, ...ada, granted("buyer"), blocked)
      .when(erase)
      .then("erased", { type: "UserErased", accounts: ["account"], roles: ["user", "buyer"] });
    given(user, admitted)
      .when(erase)
      .then("erased", { type: "UserErased", accounts: [], roles: ["guest"] });
    given(user, ...ada, erased)
      .when(erase)
      .then("erased");
  });

  test("is the person's own or an architect's to ask for, once not an architect", () => {
    given(user, ...ada)
      .when({ ...erase, by: self })
      .then("erased", erased);
    given(user, ...ada)
      .when({ ...erase, by: admin })
      .then("architects_only");
    given(user, ...ada)
      .when({ ...erase, target: owner })
      .then("dismiss_first");
    given(user).when(erase).then("unknown_user");
  });

  test("leaves nothing to do", () => {
    const gone = given(user, ...ada, erased);
    gone.when({ type: "SignUp", email, ...account }).then("erased");
    gone.when({ type: "AdmitGuest" }).then("erased");
    gone.when({ type: "ReplacePassword", password: second }).then("erased");
    gone.when({ type: "GrantRole", role: "buyer", by: admin, target }).then("erased");
    gone.when({ type: "Block", by: admin, target }).then("erased");
    gone.when({ type: "ReviseProfile", changes: { name }, by: admin, target }).then("erased");
  });
});
