import type { Sealed } from "../sealed.ts";
import type { MailPurpose, MailTemplate } from "./templates.ts";

/**
 * Facts about one mail. Stored in the activity ledger: never rename or re-mean, only add.
 *
 * Shape: `cause` is the id of the event that the mail is about; `attempt` counts from 1; `code`
 * says what went wrong in lower case, never an address or a server's own words.
 */
export type MailEvent =
  /** Somebody asked for a mail to a person, or to an address that they say is theirs. */
  | {
      readonly type: "MailRequested";
      readonly purpose: MailPurpose;
      readonly userId: string;
      /** Without it the mail goes to the address that the person has when it is sent. */
      readonly email?: Sealed;
      /** Where the page that redeems the link leads on to. */
      readonly redirectTo?: Sealed;
      /** The id is nobody's yet: whoever redeems the link becomes it. */
      readonly newcomer?: true;
      /** The session that asked, and the person's era then: the link counts while both hold. */
      readonly session?: string;
      readonly era?: number;
    }
  /** Its link opens nothing any more; of a newcomer who did not come, the key went with it. */
  | { readonly type: "MailLapsed" }
  /** A mail server, or the mailbox of a development server, took it. */
  | {
      readonly type: "MailSent";
      readonly template: MailTemplate;
      readonly cause: string;
      readonly attempt: number;
    }
  /** `final`: it is not tried again. */
  | {
      readonly type: "MailFailed";
      readonly template: MailTemplate;
      readonly cause: string;
      readonly attempt: number;
      readonly code: string;
      readonly final: boolean;
    };
