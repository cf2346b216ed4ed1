import { describe, test } from "vitest";
import { user } from "../../domain/user/mod.ts";
import { given } from "../support/given.ts";
import {
  account,
  ada,
  admin,
  admitted,
  architect,
  email,
  enrolled,
  granted,
  name,
  owner,
  promoted,
  revoked,
  sealedAs,
  second,
  self,
  signedUp,
  target,
} from "./ada.ts";

describe("SignUp", () => {
  const signUp = { type: "SignUp", email, credential: account } as const;

  test("makes a user with an account in one decision", () => {
    given(user).when(signUp).then("signed_up", signedUp, enrolled);
    given(user)
      .when({ ...signUp, name })
      .then("signed_up", { type: "UserSignedUp", email, name, roles: ["user"] }, enrolled);
  });

  test("again is the same sign-up, with anything else it is not", () => {
    given(user, ...ada)
      .when(signUp)
      .then("signed_up");
    given(user, ...ada)
      .when({ ...signUp, email: sealedAs("other") })
      .then("already_exists");
    given(user, ...ada)
      .when({ ...signUp, credential: { ...account, password: second } })
      .then("already_exists");
    given(user, admitted).when(signUp).then("already_exists");
  });
});

describe("AdmitGuest", () => {
  test("makes a guest, once", () => {
    given(user).when({ type: "AdmitGuest" }).then("admitted", admitted);
    given(user, admitted).when({ type: "AdmitGuest" }).then("admitted");
    given(user, ...ada)
      .when({ type: "AdmitGuest" })
      .then("already_exists");
  });
});

describe("PromoteGuest", () => {
  const promote = { type: "PromoteGuest", email, name, credential: account } as const;

  test("makes the guest a user with an account, keeping the session it names", () => {
    given(user, admitted).when(promote).then("promoted", promoted, enrolled);
    given(user, admitted)
      .when({ ...promote, session: "here" })
      .then("promoted", { ...promoted, session: "here" }, { ...enrolled, session: "here" });
  });

  test("again appends nothing, and only a guest is promoted", () => {
    given(user, admitted, promoted, enrolled).when(promote).then("promoted");
    given(user, admitted, promoted, enrolled)
      .when({ ...promote, credential: { ...account, accountId: "other" } })
      .then("not_a_guest");
    given(user).when(promote).then("unknown_user");
  });
});

describe("EnrollPassword and ReplacePassword", () => {
  const enroll = { type: "EnrollPassword", ...account } as const;
  const replace = { type: "ReplacePassword", password: second, session: "here" } as const;
  const replaced = {
    type: "PasswordReplaced",
    accountId: "account",
    password: second,
    session: "here",
  } as const;

  test("the first is enrolled, once, and not for a guest", () => {
    given(user, signedUp).when(enroll).then("enrolled", enrolled);
    given(user, ...ada)
      .when(enroll)
      .then("enrolled");
    given(user, ...ada)
      .when({ ...enroll, password: second })
      .then("already_enrolled");
    given(user, admitted).when(enroll).then("guest");
  });

  test("a later one replaces it in the same account, once", () => {
    given(user, ...ada)
      .when(replace)
      .then("replaced", replaced);
    given(user, ...ada, replaced)
      .when(replace)
      .then("replaced");
    given(user, signedUp).when(replace).then("no_password");
    given(user).when(replace).then("unknown_user");
  });
});

describe("GrantRole and RevokeRole", () => {
  const grant = (role: string) => ({ type: "GrantRole", role, by: admin, target }) as const;
  const revoke = (role: string) => ({ type: "RevokeRole", role, by: admin, target }) as const;

  test("move one role, once", () => {
    given(user, ...ada)
      .when(grant("manager"))
      .then("granted", granted("manager"));
    given(user, ...ada, granted("manager"))
      .when(grant("manager"))
      .then("granted");
    given(user, ...ada, granted("manager"))
      .when(revoke("manager"))
      .then("revoked", revoked("manager"));
    given(user, ...ada)
      .when(revoke("manager"))
      .then("revoked");
  });

  test("never take the last role", () => {
    given(user, ...ada)
      .when(revoke("user"))
      .then("last_role");
    given(user, ...ada, granted("buyer"))
      .when(revoke("user"))
      .then("revoked", revoked("user"));
  });

  test.each(["pirate", "", "toString", "__proto__", "Admin"])("refuse the role %j", (role) => {
    given(user, ...ada)
      .when(grant(role))
      .then("unknown_role");
    given(user, ...ada)
      .when(revoke(role))
      .then("unknown_role");
  });

  test("leave the architect role to its own stream", () => {
    given(user, ...ada)
      .when({ ...grant("architect"), by: architect })
      .then("use_architects");
  });

  test("nobody edits their own roles", () => {
    given(user, ...ada)
      .when({ ...grant("buyer"), by: self })
      .then("own_roles");
    given(user, ...ada)
      .when({ ...grant("buyer"), by: { id: "ada", rank: "architect" }, target: owner })
      .then("own_roles");
  });

  test.each(["admin", "auditor"])("only an architect grants or takes %s", (role) => {
    given(user, ...ada)
      .when(grant(role))
      .then("architects_only");
    given(user, ...ada, granted(role))
      .when(revoke(role))
      .then("architects_only");
    given(user, ...ada)
      .when({ ...grant(role), by: architect })
      .then("granted", granted(role));
    given(user, ...ada, granted(role))
      .when({ ...revoke(role), by: architect })
      .then("revoked", revoked(role));
  });

  test("only an architect touches an architect's roles", () => {
    given(user, ...ada)
      .when({ ...grant("buyer"), target: owner })
      .then("architects_only");
    given(user, ...ada)
      .when({ ...grant("buyer"), target: owner, by: architect })
      .then("granted", granted("buyer"));
  });

  test("guest is for guests, and a guest becomes a user by promotion only", () => {
    given(user, ...ada)
      .when(grant("guest"))
      .then("not_a_guest");
    given(user, admitted).when(grant("user")).then("guest");
    given(user, admitted, granted("buyer")).when(revoke("guest")).then("guest");
    given(user, admitted).when(grant("buyer")).then("granted", granted("buyer"));
  });
});

describe("PutRoles", () => {
  const put = (...roles: ReadonlyArray<string>) =>
    ({ type: "PutRoles", roles, by: admin, target }) as const;

  test("records the difference, grants first", () => {
    given(user, ...ada, granted("buyer"))
      .when(put("manager", "buyer", "finance", "manager"))
      .then("roles_put", granted("manager"), granted("finance"), revoked("user"));
    given(user, ...ada)
      .when(put("user"))
      .then("roles_put");
  });

  test("refuses an empty list, unknown roles and architect", () => {
    given(user, ...ada)
      .when(put())
      .then("last_role");
    given(user, ...ada)
      .when(put("user", "pirate"))
      .then("unknown_role");
    given(user, ...ada)
      .when(put("architect"))
      .then("use_architects");
    given(user, ...ada)
      .when({ ...put("buyer"), by: self })
      .then("own_roles");
  });

  test("an admin's list may keep admin and auditor but not move them", () => {
    given(user, ...ada, granted("auditor"))
      .when(put("user", "auditor", "buyer"))
      .then("roles_put", granted("buyer"));
    given(user, ...ada, granted("auditor"))
      .when(put("user"))
      .then("architects_only");
  });
});

describe("ReviseProfile", () => {
  const revise = { type: "ReviseProfile", changes: { name }, by: self, target } as const;
  const revised = { type: "ProfileRevised", name } as const;

  test("records only what differs", () => {
    given(user, ...ada)
      .when(revise)
      .then("revised", revised);
    given(user, ...ada, revised)
      .when(revise)
      .then("revised");
    given(user, ...ada, revised)
      .when({ ...revise, changes: { name, bio: email } })
      .then("revised", { type: "ProfileRevised", bio: email });
  });

  test("null clears what is there", () => {
    given(user, ...ada, revised)
      .when({ ...revise, changes: { name: null } })
      .then("revised", { type: "ProfileRevised", name: null });
    given(user, ...ada)
      .when({ ...revise, changes: { name: null } })
      .then("revised");
  });

  test("an admin does not edit an architect's", () => {
    given(user, ...ada)
      .when({ ...revise, by: admin, target: owner })
      .then("architects_only");
    const own = { ...revise, by: { id: "ada", rank: "architect" }, target: owner } as const;
    given(user, ...ada)
      .when(own)
      .then("revised", revised);
  });
});
