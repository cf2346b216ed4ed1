import { expect, test } from "vitest";
import { sealed } from "../../adapters/codec/samples.ts";
import { MAIL_LIFETIME_MS, MAIL_PURPOSES, type MailTemplate } from "../../domain/mail/mod.ts";
import { mailOfActivity, mailOfIdentity } from "../../domain/processes/mail.ts";

const subject = "ada";
const credential = { id: "password:1", digest: "a".repeat(64) };
const HOUR_MS = 3_600_000;

const mailTo = (template: MailTemplate, to: object = { user: "ada" }) => ({
  type: "QueueMail",
  template,
  to,
  until: { lifetimeMs: MAIL_LIFETIME_MS[template] },
});

test("who signs up, or becomes a user by a password, is asked to prove the address", () => {
  const signedUp = { type: "UserSignedUp", email: sealed, roles: ["user"], subject } as const;
  expect(mailOfIdentity.react(signedUp)).toStrictEqual([mailTo("verification")]);
  const promoted = { type: "GuestPromoted", email: sealed, subject } as const;
  expect(mailOfIdentity.react({ ...promoted, method: "password" })).toStrictEqual([
    mailTo("verification"),
  ]);
  expect(mailOfIdentity.react({ ...promoted, method: "magic-link" })).toStrictEqual([]);
});

test("the address that was replaced is told, when there was one", () => {
  const replaced = { type: "EmailReplaced", email: sealed, subject } as const;
  expect(mailOfIdentity.react(replaced)).toStrictEqual([]);
  expect(mailOfIdentity.react({ ...replaced, previous: sealed })).toStrictEqual([
    mailTo("email-replaced"),
  ]);
});

test("a replaced password is told", () => {
  const replaced = { type: "PasswordReplaced", accountId: "1", password: credential } as const;
  expect(mailOfIdentity.react({ ...replaced, subject })).toStrictEqual([
    mailTo("password-replaced"),
  ]);
});

test("a password that did not survive the first proof of the address is told", () => {
  const removed = { type: "PasswordRemoved", accountId: "1", subject } as const;
  expect(mailOfIdentity.react(removed)).toStrictEqual([mailTo("password-removed")]);
});

test("an architect appointed on the command line is told to the others", () => {
  const appointed = { type: "ArchitectAppointed", userId: "eve", first: false } as const;
  const on = { ...appointed, subject: "all" };
  expect(mailOfIdentity.react({ ...on, actor: "operator:appoint-architect" })).toStrictEqual([
    mailTo("architect-appointed", { architectsExcept: "eve" }),
  ]);
  expect(mailOfIdentity.react({ ...on, actor: "user:ada" })).toStrictEqual([]);
});

test("an invitation is mailed to whom it is for, as long as it is good", () => {
  const expiresAt = "2026-11-28T00:00:00.000Z";
  const issued = { type: "InvitationIssued", email: sealed, roles: [], expiresAt } as const;
  expect(mailOfIdentity.react({ ...issued, subject: "one" })).toStrictEqual([
    {
      type: "QueueMail",
      template: "invitation",
      to: { invitation: "one" },
      until: { time: expiresAt },
    },
  ]);
});

test.each(MAIL_PURPOSES)("a mail asked for, %s, is that mail", (purpose) => {
  const requested = { type: "MailRequested", purpose, userId: "ada", subject: "1" } as const;
  expect(mailOfActivity.react(requested)).toStrictEqual([mailTo(purpose)]);
});

test.each([
  ["from a new device", { device: "new" }, ["new-device"]],
  ["from a known device", { device: "known" }, []],
  ["from the first device of the account", {}, []],
  [
    "in somebody's name, from a new device",
    { device: "new", impersonator: { userId: "eve", sessionId: "1" } },
    [],
  ],
] as const)("a session that starts %s", (_, more, templates) => {
  const started = {
    type: "SessionStarted",
    userId: "ada",
    method: "password",
    credential,
    expiresAt: "2026-11-28T00:00:00.000Z",
    subject: "1",
    ...more,
  } as const;
  expect(mailOfActivity.react(started).map(({ template }) => template)).toEqual(templates);
});

test("links that open an account live an hour, one to sign in with a day", () => {
  const { verification, reset, "email-change": change, "magic-link": magic } = MAIL_LIFETIME_MS;
  expect([verification, reset, change, magic]).toEqual([HOUR_MS, HOUR_MS, HOUR_MS, 24 * HOUR_MS]);
});
