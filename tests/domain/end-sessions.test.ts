import { expect, test } from "vitest";
import { vaultReference as password, sealed } from "../../adapters/codec/samples.ts";
import { endSessions } from "../../domain/processes/end-sessions.ts";

const subject = "ada";
const end = { type: "EndSessionsOf", userId: "ada" } as const;

test("a block and an erasure end every session", () => {
  expect(endSessions.react({ type: "UserBlocked", subject })).toStrictEqual([
    { ...end, reason: "blocked" },
  ]);
  expect(
    endSessions.react({ type: "UserErased", accounts: [], roles: ["user"], subject }),
  ).toStrictEqual([{ ...end, reason: "erased" }]);
});

test("a replaced password ends every session but the one it was replaced from", () => {
  const replaced = { type: "PasswordReplaced", accountId: "one", password, subject } as const;
  expect(endSessions.react({ ...replaced, session: "here" })).toStrictEqual([
    { ...end, reason: "password-replaced", except: "here" },
  ]);
  expect(endSessions.react(replaced)).toStrictEqual([{ ...end, reason: "password-replaced" }]);
});

test("a promotion ends the guest's sessions but the one it was done from", () => {
  const promoted = { type: "GuestPromoted", email: sealed, method: "password", subject } as const;
  expect(endSessions.react({ ...promoted, session: "here" })).toStrictEqual([
    { ...end, reason: "promoted", except: "here" },
  ]);
});

test.each([
  [{ type: "EmailReplaced", email: sealed }, "email-replaced"],
  [{ type: "UsernameChosen", username: sealed }, "username-chosen"],
  [{ type: "PasswordRemoved", accountId: "one" }, "password-removed"],
  [{ type: "PasswordReplaced", accountId: "one", password }, "password-replaced"],
] as const)("%o ends every session but the one that it was done from", (event, reason) => {
  expect(endSessions.react({ ...event, subject })).toStrictEqual([{ ...end, reason }]);
  expect(endSessions.react({ ...event, session: "here", subject })).toStrictEqual([
    { ...end, reason, except: "here" },
  ]);
});

test("a guest who is gone or somebody else now is let out everywhere", () => {
  const roles = ["guest"];
  for (const type of ["GuestLeft", "GuestEvicted"] as const) {
    expect(endSessions.react({ type, roles, subject })).toStrictEqual([
      { ...end, reason: "erased" },
    ]);
  }
  expect(endSessions.react({ type: "IdentityMerged", into: "bob", roles, subject })).toStrictEqual([
    { ...end, reason: "merged" },
  ]);
});

test("a first password ends every session but the one that it was chosen in", () => {
  const enrolled = { type: "PasswordEnrolled", accountId: "one", password, subject } as const;
  expect(endSessions.react(enrolled)).toStrictEqual([{ ...end, reason: "password-replaced" }]);
  expect(endSessions.react({ ...enrolled, session: "here" })).toStrictEqual([
    { ...end, reason: "password-replaced", except: "here" },
  ]);
});
