import * as Context from "effect/Context";
import * as Data from "effect/Data";
import type * as Effect from "effect/Effect";
import type { MailTemplate } from "../../domain/mail/mod.ts";

/**
 * The mail was not taken. `code` is ours, in lower case (`smtp_451`, `connection_refused`): what
 * the server said may quote the address.
 */
export class MailRefused extends Data.TaggedError("MailRefused")<{
  readonly code: string;
  /** Trying again would not help. */
  readonly permanent: boolean;
  /** The server asked for this much patience. */
  readonly retryAfterMs?: number;
}> {
  override get message() {
    return `Cannot send mail: ${this.code}`;
  }
}

/** One mail, ready to go. Subject and texts are whole; nothing is filled in any more. */
export type OutgoingMail = {
  /** The same for the same mail sent twice, so that who reads it can tell. */
  readonly id: string;
  readonly template: MailTemplate;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** What the mail leads to; it stands in the texts too. */
  readonly link: string;
  /** BCP 47, of the texts. */
  readonly language: string;
};

/** A mail as the mailbox of a development server shows it. */
export type KeptMail = OutgoingMail & { readonly at: string };

/** Takes mails out of the house, or shows them where there is no mail server. */
export class MailTransport extends Context.Service<
  MailTransport,
  {
    /** Mails that it takes at once; more would wait inside it while their time runs. */
    readonly connections: number;
    /**
     * Returns when the mail server has taken the mail; that it arrives is not known. Interrupted,
     * it ends the connection: nobody goes on sending what was given up.
     */
    readonly send: (mail: OutgoingMail) => Effect.Effect<void, MailRefused>;
    /** What was sent last, newest first; undefined where mail leaves the house. */
    readonly mailbox?: Effect.Effect<ReadonlyArray<KeptMail>>;
  }
>()("authledger/adapters/ports/MailTransport") {}
