import type { Settings } from "../http/settings.ts";

/**
 * How mail goes: to a mail server, to the mailbox that a server on localhost shows at `/dev/mail`,
 * or not at all.
 */
export type MailMode = "smtp" | "mailbox" | "closed";

/** Whether doors that need a mail are open; a closed one answers 409 `mail_closed`. */
export function mailIsOpen({ mail }: Pick<Settings, "mail">): boolean {
  return mail !== "closed";
}
