import type { MailEvent } from "./events.ts";
import type { MailPurpose } from "./templates.ts";

/** How far a mail has come, and what it was asked for when somebody asked. */
export type Mail = {
  readonly status: "absent" | "waiting" | "sent" | "failed";
  readonly request?: { readonly purpose: MailPurpose; readonly userId: string };
  /** Of the last attempt that is known; 0 before the first. */
  readonly attempt: number;
  /** Its link opens nothing any more. */
  readonly lapsed: boolean;
};

export const initial: Mail = { status: "absent", attempt: 0, lapsed: false };

export function evolve(state: Mail, event: MailEvent): Mail {
  switch (event.type) {
    case "MailRequested": {
      const { purpose, userId } = event;
      return { ...state, status: "waiting", request: { purpose, userId } };
    }
    case "MailLapsed":
      return { ...state, lapsed: true };
    case "MailSent":
      return { ...state, status: "sent", attempt: event.attempt };
    case "MailFailed":
      return { ...state, status: event.final ? "failed" : "waiting", attempt: event.attempt };
    default:
      event satisfies never;
      return state;
  }
}
