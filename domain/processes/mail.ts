import type { ArchitectsEvent } from "../architects/mod.ts";
import type { InvitationEvent } from "../invitation/mod.ts";
import type { Actor } from "../ledger/entry.ts";
import { MAIL_LIFETIME_MS, type MailEvent, type MailTemplate } from "../mail/mod.ts";
import type { SessionEvent } from "../session/mod.ts";
import type { UserEvent } from "../user/mod.ts";
import type { Process } from "./process.ts";

/** To a person or somebody invited, by id, or to every architect but one. */
export type MailRecipient =
  | { readonly user: string }
  | { readonly invitation: string }
  | { readonly architectsExcept: string };

/** Put a mail into the outbox; what it says is looked up when it is sent. */
export type QueueMail = {
  readonly type: "QueueMail";
  readonly template: MailTemplate;
  readonly to: MailRecipient;
  /** How long from the event on it is worth sending, or until when (RFC 3339). */
  readonly until: { readonly lifetimeMs: number } | { readonly time: string };
};

type UserCause = Extract<
  UserEvent,
  {
    readonly type:
      | "UserSignedUp"
      | "GuestPromoted"
      | "EmailReplaced"
      | "PasswordReplaced"
      | "PasswordRemoved";
  }
>;
type Appointment = Extract<ArchitectsEvent, { readonly type: "ArchitectAppointed" }> & {
  readonly actor: Actor;
};
type Invited = Extract<InvitationEvent, { readonly type: "InvitationIssued" }>;
type Requested = Extract<MailEvent, { readonly type: "MailRequested" }>;
type Started = Extract<SessionEvent, { readonly type: "SessionStarted" }>;

/** What happens to people, and who should read of it. */
export const mailOfIdentity: Process<UserCause | Appointment | Invited, QueueMail> = {
  name: "mail",
  ledger: "identity",
  handles: [
    "UserSignedUp",
    "GuestPromoted",
    "EmailReplaced",
    "PasswordReplaced",
    "PasswordRemoved",
    "ArchitectAppointed",
    "InvitationIssued",
  ],
  react: (event) => {
    switch (event.type) {
      case "UserSignedUp":
        return event.email === undefined ? [] : [mailTo({ user: event.subject }, "verification")];
      case "GuestPromoted":
        // Whoever came by a link in a mail has proved the address.
        return event.method === "password" ? [mailTo({ user: event.subject }, "verification")] : [];
      case "EmailReplaced":
        return event.previous === undefined
          ? []
          : [mailTo({ user: event.subject }, "email-replaced")];
      case "PasswordReplaced":
        return [mailTo({ user: event.subject }, "password-replaced")];
      case "PasswordRemoved":
        return [mailTo({ user: event.subject }, "password-removed")];
      case "ArchitectAppointed":
        // What one architect did, the others see; what came past all of them they are told.
        return event.actor.startsWith("operator:")
          ? [mailTo({ architectsExcept: event.userId }, "architect-appointed")]
          : [];
      case "InvitationIssued": {
        const to = { invitation: event.subject };
        const until = { time: event.expiresAt };
        return [{ type: "QueueMail", template: "invitation", to, until }];
      }
      default:
        return event satisfies never;
    }
  },
};

/** What was asked for, and sign-ins that a person may not know of. */
export const mailOfActivity: Process<Requested | Started, QueueMail> = {
  name: "mail-activity",
  ledger: "activity",
  handles: ["MailRequested", "SessionStarted"],
  react: (event) => {
    switch (event.type) {
      case "MailRequested":
        return [mailTo({ user: event.userId }, event.purpose)];
      case "SessionStarted":
        return event.device === "new" && event.impersonator === undefined
          ? [mailTo({ user: event.userId }, "new-device")]
          : [];
      default:
        return event satisfies never;
    }
  },
};

function mailTo(to: MailRecipient, template: MailTemplate): QueueMail {
  return { type: "QueueMail", template, to, until: { lifetimeMs: MAIL_LIFETIME_MS[template] } };
}
