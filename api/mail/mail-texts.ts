import type { MailTemplate } from "../../domain/mail/mod.ts";

/**
 * What one kind of mail says. `{{…}}` is filled in; which names there are is in `placeholders.ts`.
 */
export type MailText = {
  readonly subject: string;
  readonly title: string;
  readonly text: ReadonlyArray<string>;
  readonly button: string;
  /** "You did not ask for this?" */
  readonly unasked: string;
};

/** What mails say in one language. */
export type MailTexts = {
  readonly hello: string;
  readonly helloName: string;
  /** For a link that works once. */
  readonly expiry: string;
  /** Before the link as text, for whoever cannot press the button. */
  readonly copy: string;
  readonly footer: string;
  /** When a device is not known. */
  readonly someDevice: string;
  readonly mails: { readonly [template in MailTemplate]: MailText };
};
