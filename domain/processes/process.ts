import type { LedgerName } from "../ledger/entry.ts";

/** An event and the id part of its stream's name. */
export type Happened<Event> = Event & { readonly subject: string };

/**
 * A reaction that spans aggregates: an event in, further commands out.
 *
 * Whoever runs it derives each command's request id from the causing event's id and the command's
 * index, so that an event that comes again does nothing again.
 */
export type Process<Event extends { readonly type: string }, Command> = {
  readonly name: string;
  /** Whose events it follows. */
  readonly ledger: LedgerName;
  readonly handles: ReadonlyArray<Event["type"]>;
  readonly react: (event: Happened<Event>) => ReadonlyArray<Command>;
};
