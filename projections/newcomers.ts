import type { MailEvent } from "../domain/mail/mod.ts";
import type { Projection } from "./projection.ts";

/** A link that was sent to somebody without an account, until they came or it lapsed. */
export type NewcomerRow = {
  /** Of the mail. */
  readonly id: string;
  /** Whom the link would make them. */
  readonly userId: string;
  readonly requestedAt: string;
};

export type NewcomersEvent = Extract<MailEvent, { readonly type: "MailRequested" | "MailLapsed" }>;

/** Answers "whose key waits for somebody who may never come?". */
export const newcomers: Projection<NewcomerRow, NewcomersEvent> = {
  name: "newcomers",
  version: 1,
  ledger: "activity",
  handles: ["MailRequested", "MailLapsed"],
  keys: (event) =>
    event.type === "MailRequested" && event.newcomer === undefined ? [] : [event.subject],
  evolve: (row, event, key) => {
    switch (event.type) {
      case "MailRequested":
        return { id: key, userId: event.userId, requestedAt: event.at };
      case "MailLapsed":
        return undefined;
      default:
        event satisfies never;
        return row;
    }
  },
  index: (row) => ({ sort: row.requestedAt, tags: [] }),
};
