import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import { layer as mailbox } from "../adapters/memory/mail-transport.ts";
import type { MailTransport } from "../adapters/ports/mail-transport.ts";
import { type Sender, type SmtpServer, layer as smtp } from "../adapters/smtp/mail-transport.ts";
import type { MailMode } from "../api/mail/mail-is-open.ts";
import type { MailRun } from "../api/mail/run-mail.ts";
import { DEFAULT_BRAND } from "../api/pages/brand.ts";
import { brandOf } from "./brand.ts";
import { isLoopback } from "./config/loopback.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";
import { ownTemplates } from "./mail-templates.ts";

/** RFC 8314 and RFC 6409: TLS from the first byte, and submission. */
const PORTS: Readonly<Record<string, number>> = { "smtps:": 465, "smtp:": 587 };

/** A server on localhost shows its mails; on a public address they are sent or not written. */
export const mailModeOf = ({ smtpUrl, publicUrl }: Config): MailMode => {
  if (smtpUrl !== undefined) return "smtp";
  return publicUrl ? "closed" : "mailbox";
};

/** What takes the mails, by the configuration. */
export const mailTransport = (config: Config): Layer.Layer<MailTransport> => {
  const { smtpUrl, mailFrom } = config;
  if (smtpUrl === undefined || mailFrom === undefined) return Layer.fresh(mailbox);
  return smtp(smtpServerOf(Redacted.value(smtpUrl), config.publicUrl), senderOf(mailFrom));
};

/** `smtp://user:password@host:port`, its parts decoded. */
export const smtpServerOf = (written: string, publicUrl: boolean): SmtpServer => {
  const { protocol, hostname, port, username, password } = new URL(written);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return {
    host,
    port: port === "" ? (PORTS[protocol] ?? 0) : Number(port),
    secure: protocol === "smtps:",
    requireTls: publicUrl && !isLoopback(host),
    ...(username === ""
      ? {}
      : {
          user: decodeURIComponent(username),
          password: Redacted.make(decodeURIComponent(password)),
        }),
  };
};

/** `Name <address>` or an address alone. */
export const senderOf = (written: string): Sender => {
  const [, name = "", address = written] = /^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/.exec(written) ?? [];
  return { name: name.trim(), address: address.trim() };
};

/**
 * How mails are written and sent.
 *
 * Errors: throws a UsageError when a template of one's own is not right.
 */
export const mailRunOf = (config: Config, log: Log): MailRun => {
  const brand = brandOf({ ...config, pages: true }) ?? DEFAULT_BRAND;
  return {
    open: mailModeOf(config) !== "closed",
    verifySignUps: config.verifyEmail !== "never",
    house: { url: config.url, brand, own: ownTemplates(config.mailTemplates) },
    log: ({ level, message, ...fields }) => log[level](message, fields),
  };
};
