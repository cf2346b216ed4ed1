import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { architects } from "../../domain/architects/mod.ts";
import { entryId } from "../../domain/ledger/derive.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import { mailOfActivity, mailOfIdentity, type QueueMail } from "../../domain/processes/mail.ts";
import type { Happened, Process } from "../../domain/processes/process.ts";
import { architectsCodec } from "../codec/architects.ts";
import { decodeAny, subjectOf } from "../codec/catalogue.ts";
import { sha256 } from "../crypto/hash.ts";
import { Consumers } from "../ports/consumers.ts";
import { Outbox, type Queued } from "../ports/outbox.ts";
import { load } from "../transact.ts";

export type MailQueue = {
  /** Whether a sign-up asks for a proof of the address by itself. */
  readonly verifySignUps: boolean;
  /** Called when there is something to send. */
  readonly wake: () => void;
};

/** Follows both ledgers and puts mails into the outbox; started again, it goes on where it was. */
export const runMailQueue = (options: MailQueue) =>
  Effect.gen(function* () {
    const consumers = yield* Consumers;
    const followers = [
      follower(mailOfIdentity, options),
      // A session from a known device asks for nothing, and there are many.
      follower(mailOfActivity, options, ({ type, data }) =>
        type === "SessionStarted" ? data["device"] === "new" : true,
      ),
    ];
    yield* Effect.forEach(followers, consumers.run, { concurrency: "unbounded", discard: true });
    return yield* Effect.never;
  });

const follower = <Event extends { readonly type: string }>(
  { name, ledger, handles, react }: Process<Event, QueueMail>,
  { verifySignUps, wake }: MailQueue,
  concerns: (record: LedgerRecord) => boolean = () => true,
) => ({
  name,
  ledger,
  handles,
  concerns,
  handle: (record: LedgerRecord) =>
    Effect.gen(function* () {
      const event = decodeAny(record);
      if (event === undefined) {
        // It cannot be read by trying again; the read models park it and say so.
        const { position, type } = record;
        return yield* Effect.logError("An event asks for no mail, because it cannot be read").pipe(
          Effect.annotateLogs({ ledger, position, type }),
        );
      }
      // The codecs of `handles` made it, so it is one of the process's own events.
      const commands = react(event as unknown as Happened<Event>);
      const wanted = commands.filter(
        ({ template }) => verifySignUps || template !== "verification" || ledger === "activity",
      );
      // By this clock, not by the one that the event was written by.
      const now = new Date(yield* Clock.currentTimeMillis).toISOString();
      const queued = yield* Effect.forEach(wanted, (command) => rowsOf(command, record, now));
      const rows = queued.flat().filter(({ expiresAt }) => expiresAt > now);
      if (rows.length === 0) return;
      yield* (yield* Outbox).put(rows);
      wake();
    }),
});

const PROCESSES = { identity: mailOfIdentity, activity: mailOfActivity } as const;

/**
 * Every mail that a record asks for, whatever the outbox says: rows are believed by what made them.
 */
export const mailsOf = (record: LedgerRecord) =>
  Effect.gen(function* () {
    // Its `handles` says which events it takes, and the codecs make nothing else of them.
    const process = PROCESSES[record.ledger] as unknown as Process<{ type: string }, QueueMail>;
    const event = process.handles.includes(record.type) ? decodeAny(record) : undefined;
    if (event === undefined) return [];
    const queued = yield* Effect.forEach(process.react(event), (each) =>
      rowsOf(each, record, record.at),
    );
    return queued.flat();
  });

const rowsOf = ({ template, to, until }: QueueMail, record: LedgerRecord, queuedAt: string) =>
  Effect.gen(function* () {
    const recipients = yield* recipientsOf(to, record);
    const { ledger, position, id: eventId, at } = record;
    const expiresAt =
      "time" in until ? until.time : new Date(Date.parse(at) + until.lifetimeMs).toISOString();
    return recipients.map((recipient): Queued => {
      const id = entryId(sha256, `${eventId}/mail/${template}/${recipient}`, 0);
      return { id, ledger, position, eventId, template, recipient, queuedAt, expiresAt };
    });
  });

const recipientsOf = (to: QueueMail["to"], record: LedgerRecord) =>
  Effect.gen(function* () {
    if ("user" in to) return [to.user];
    if ("invitation" in to) return [to.invitation];
    const aggregate = { decider: architects, codec: architectsCodec };
    const { state } = yield* load(aggregate, subjectOf(record));
    return [...state].filter((userId) => userId !== to.architectsExcept);
  });
