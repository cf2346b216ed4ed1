import type { Decision } from "../decider.ts";
import type { Sealed } from "../sealed.ts";
import type { MailEvent } from "./events.ts";
import type { Mail } from "./evolve.ts";
import type { MailPurpose, MailTemplate } from "./templates.ts";

type Attempt = {
  readonly template: MailTemplate;
  readonly cause: string;
  readonly attempt: number;
};

export type MailCommand =
  | {
      readonly type: "RequestMail";
      readonly purpose: MailPurpose;
      readonly userId: string;
      readonly email?: Sealed;
      readonly redirectTo?: Sealed;
      readonly newcomer?: true;
      readonly session?: string;
      readonly era?: number;
    }
  | { readonly type: "LapseMail" }
  | ({ readonly type: "RecordSent" } & Attempt)
  | ({ readonly type: "RecordFailed"; readonly code: string; readonly final: boolean } & Attempt);

export type MailOutcome =
  | "requested"
  | "already_requested"
  | "recorded"
  | "lapsed"
  | "unknown_mail";

type Decided = Decision<MailEvent, MailOutcome>;

/** Decides what is on record of one mail: asked for once, sent once, each failure once. */
export function decide(command: MailCommand, state: Mail): Decided {
  switch (command.type) {
    case "RequestMail":
      return request(command, state);
    case "LapseMail":
      if (state.request === undefined) return { events: [], outcome: "unknown_mail" };
      return { events: state.lapsed ? [] : [{ type: "MailLapsed" }], outcome: "lapsed" };
    case "RecordSent": {
      const { template, cause, attempt } = command;
      if (state.status === "sent") return recorded();
      return recorded({ type: "MailSent", template, cause, attempt });
    }
    case "RecordFailed": {
      const { template, cause, attempt, code, final } = command;
      const over = state.status === "sent" || state.status === "failed";
      if (over || attempt <= state.attempt) return recorded();
      return recorded({ type: "MailFailed", template, cause, attempt, code, final });
    }
    default:
      return command satisfies never;
  }
}

function request(
  { type: _, ...asked }: Extract<MailCommand, { type: "RequestMail" }>,
  { status, request: earlier }: Mail,
): Decided {
  const { purpose, userId } = asked;
  if (status !== "absent") {
    const same = earlier?.purpose === purpose && earlier.userId === userId;
    return { events: [], outcome: same ? "requested" : "already_requested" };
  }
  return { events: [{ type: "MailRequested", ...asked }], outcome: "requested" };
}

function recorded(...events: ReadonlyArray<MailEvent>): Decided {
  return { events, outcome: "recorded" };
}
