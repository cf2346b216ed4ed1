import { expect, test } from "vitest";
import { sealed } from "../../adapters/codec/samples.ts";
import { type MailEvent, mail } from "../../domain/mail/mod.ts";
import { given } from "../support/given.ts";

const asked = { purpose: "reset", userId: "ada" } as const;
const requested: MailEvent = { type: "MailRequested", ...asked };
const attempt = { template: "reset", cause: "1", attempt: 1 } as const;
const sent: MailEvent = { type: "MailSent", ...attempt };
const failed = (count: number, final = false): MailEvent => ({
  type: "MailFailed",
  ...attempt,
  attempt: count,
  code: "timeout",
  final,
});
const fails = (count: number) => ({
  ...attempt,
  type: "RecordFailed" as const,
  attempt: count,
  code: "timeout",
  final: false,
});

test("a mail is asked for once", () => {
  const command = { type: "RequestMail", ...asked, email: sealed } as const;
  given(mail)
    .when(command)
    .then("requested", { ...requested, email: sealed });
  given(mail, requested).when(command).then("requested");
  given(mail, requested)
    .when({ ...command, userId: "eve" })
    .then("already_requested");
});

test("it is on record as sent once, whatever comes later", () => {
  given(mail, requested)
    .when({ type: "RecordSent", ...attempt })
    .then("recorded", sent);
  given(mail, failed(1))
    .when({ type: "RecordSent", ...attempt, attempt: 2 })
    .then("recorded", { ...sent, attempt: 2 });
  given(mail, sent)
    .when({ type: "RecordSent", ...attempt })
    .then("recorded");
  given(mail, sent).when(fails(2)).then("recorded");
});

test("each failed attempt is on record once, and none after the last", () => {
  given(mail, requested).when(fails(1)).then("recorded", failed(1));
  given(mail, failed(1)).when(fails(1)).then("recorded");
  given(mail, failed(1)).when(fails(2)).then("recorded", failed(2));
  given(mail, failed(8, true)).when(fails(9)).then("recorded");
});

test("a mail that failed for good is failed", () => {
  const state = [requested, failed(1), failed(2, true)].reduce(mail.evolve, mail.initial);
  expect(state).toMatchObject({ status: "failed", attempt: 2 });
});
