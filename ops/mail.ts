import * as Layer from "effect/Layer";
import { layer as mailbox } from "../adapters/memory/mail-transport.ts";
import type { MailTransport } from "../adapters/ports/mail-transport.ts";
import type { MailMode } from "../api/mail/mail-is-open.ts";
import type { Config } from "./config.ts";

/** A server on localhost shows its mails; on a public address they are sent or not written. */
export const mailModeOf = ({ smtpUrl, publicUrl }: Config): MailMode => {
  if (smtpUrl !== undefined) return "smtp";
  return publicUrl ? "closed" : "mailbox";
};

/** What takes the mails, by the configuration. */
export const mailTransport = (_config: Config): Layer.Layer<MailTransport> => Layer.fresh(mailbox);
