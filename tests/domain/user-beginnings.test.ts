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
  granted,
  name,
  sealedAs,
  signedUp,
} from "./ada.ts";

describe("SignUp", () => {
  test("by a door that proves the address needs no password", () => {
    given(user)
      .when({ type: "SignUp", email, verified: true })
      .then("signed_up", signedUp, { type: "EmailVerified" });
  });

  test("brings the roles of an invitation beside user, each once", () => {
    given(user)
      .when({ type: "SignUp", email, credential: account, roles: ["buyer", "user", "buyer"] })
      .then(
        "signed_up",
        { ...signedUp, roles: ["user", "buyer"] },
        { type: "PasswordEnrolled", ...account },
      );
  });
});

describe("CreateUser", () => {
  const create = {
    type: "CreateUser",
    email,
    name,
    roles: ["user", "buyer"],
    emailVerified: true,
    by: admin,
  } as const;
  const created = {
    type: "UserCreated",
    email,
    name,
    roles: ["user", "buyer"],
    emailVerified: true,
  } as const;

  test("makes an account without a way in, once", () => {
    given(user).when(create).then("created", created);
    given(user, created).when(create).then("created");
    given(user, created)
      .when({ ...create, email: sealedAs("other") })
      .then("already_exists");
  });

  test.each([
    [["admin"], admin, "architects_only"],
    [["auditor"], admin, "architects_only"],
    [["architect"], architect, "use_architects"],
    [["guest"], architect, "not_a_guest"],
    [["pirate"], architect, "unknown_role"],
    [[], architect, "last_role"],
  ] as const)("with the roles %j by %o is refused", (roles, by, outcome) => {
    given(user)
      .when({ ...create, roles, by })
      .then(outcome);
  });

  test("takes roles that the installation defined", () => {
    given(user)
      .when({ ...create, roles: ["pirate"], defined: ["pirate"] })
      .then("created", { ...created, roles: ["pirate"] });
  });
});

describe("guests", () => {
  const promoted = { type: "GuestPromoted", email, method: "magic-link" } as const;

  test("a mailed link promotes without a password, and an invitation brings its roles", () => {
    given(user, admitted)
      .when({ type: "PromoteGuest", email, verified: true, roles: ["buyer"] })
      .then("promoted", promoted, { type: "EmailVerified" }, granted("buyer"));
  });

  test.each([
    [{ type: "LeaveAsGuest" }, "left", { type: "GuestLeft", roles: ["guest"] }],
    [{ type: "EvictGuest" }, "evicted", { type: "GuestEvicted", roles: ["guest"] }],
    [
      { type: "MergeGuest", into: "ada" },
      "merged",
      { type: "IdentityMerged", into: "ada", roles: ["guest"] },
    ],
  ] as const)("%o ends a guest, once, and nobody else", (command, outcome, event) => {
    given(user, admitted).when(command).then(outcome, event);
    given(user, admitted, event).when(command).then(outcome);
    given(user, admitted, event).when({ type: "AdmitGuest" }).then("erased");
    given(user, ...ada)
      .when(command)
      .then("not_a_guest");
  });
});
