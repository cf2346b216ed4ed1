import type { Decider } from "../decider.ts";
import { decide, type MailCommand, type MailOutcome } from "./decide.ts";
import type { MailEvent } from "./events.ts";
import { evolve, initial, type Mail } from "./evolve.ts";
import {
  MAIL_LIFETIME_MS,
  MAIL_PURPOSES,
  MAIL_TEMPLATES,
  type MailPurpose,
  type MailTemplate,
} from "./templates.ts";

export type { Mail, MailCommand, MailEvent, MailOutcome, MailPurpose, MailTemplate };
export { MAIL_LIFETIME_MS, MAIL_PURPOSES, MAIL_TEMPLATES };

/** One mail, in the stream of its id. */
export const mail: Decider<Mail, MailCommand, MailEvent, MailOutcome> = {
  category: "mail",
  initial,
  evolve,
  decide,
};
