import { z } from "zod";
import { MAIL_PURPOSES, MAIL_TEMPLATES, type MailEvent } from "../../domain/mail/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { personal, structural, uuid } from "./field.ts";
import * as sample from "./samples.ts";

const attempt = {
  template: z.enum(MAIL_TEMPLATES),
  cause: uuid,
  attempt: z.int().min(1),
};
const attempted = { template: "verification", cause: sample.accountId, attempt: 1 } as const;

/** Mails asked for, sent and failed, in the activity ledger. */
export const mailCodec = eventCodec<MailEvent>(
  { category: "mail", ledger: "activity" },
  {
    MailRequested: {
      data: z.strictObject({
        purpose: z.enum(MAIL_PURPOSES),
        userId: uuid,
        email: personal("mail.email", "user").exactOptional(),
        redirectTo: personal("mail.redirectTo", "user").exactOptional(),
        newcomer: z.literal(true).exactOptional(),
        session: uuid.exactOptional(),
        era: z.int().min(0).exactOptional(),
      }),
      sample: {
        purpose: "email-change",
        userId: sample.userId,
        email: sample.sealed,
        redirectTo: sample.sealed,
        newcomer: true,
        session: sample.sessionId,
        era: 1,
      },
    },
    MailLapsed: { data: z.strictObject({}), sample: {} },
    MailSent: { data: z.strictObject(attempt), sample: attempted },
    MailFailed: {
      data: z.strictObject({
        ...attempt,
        code: structural(/^[a-z][a-z0-9_]{0,63}$/),
        final: z.boolean(),
      }),
      sample: { ...attempted, code: "smtp_451", final: false },
    },
  },
);
