import * as Cause from "effect/Cause";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Random from "effect/Random";
import { mailCodec } from "../../adapters/codec/mail.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { type MailRefused, MailTransport } from "../../adapters/ports/mail-transport.ts";
import { Outbox, type OutboxRow, type Settlement } from "../../adapters/ports/outbox.ts";
import { atNextTurn } from "../../adapters/reactions/at-next-turn.ts";
import { load, transact } from "../../adapters/transact.ts";
import { type MailCommand, mail } from "../../domain/mail/mod.ts";
import { composeMail, type MailHouse } from "./compose-mail.ts";
import { mailMeter } from "./mail-meter.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** What is waited after each failed attempt: eight attempts within a day, the first ones soon. */
export const RETRY_AFTER_MS: ReadonlyArray<number> = [
  30 * SECOND_MS,
  2 * MINUTE_MS,
  8 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  14 * HOUR_MS,
];
export const ATTEMPTS_MAX = RETRY_AFTER_MS.length + 1;
/** Of the wait, what chance adds or takes: what failed together does not come back together. */
const JITTER = 0.2;

export type Sending = {
  readonly house: MailHouse;
  readonly log: (line: {
    readonly level: "info" | "warn";
    readonly message: string;
    readonly kind: string;
    readonly code?: string;
    readonly attempt?: number;
  }) => void;
};

/** When an attempt is settled, and a number of chance from 0 to 1. */
type By = { readonly now: number; readonly chance: number };

type Outcome =
  | { readonly sent: true }
  | { readonly dropped: string }
  | { readonly refused: Pick<MailRefused, "code" | "permanent" | "retryAfterMs"> };

/**
 * Sends one claimed mail, notes in its row that it went, records what became of it, and settles the
 * row. In this order, so that nothing is lost: whoever dies before the note sends again, the same
 * mail with the same token; whoever cannot record it only records at the next attempt.
 */
export const sendMail = (sending: Sending, row: OutboxRow) =>
  Effect.gen(function* () {
    const outcome = yield* attempted(sending, row);
    const outbox = yield* Outbox;
    if ("sent" in outcome && row.sentAt === undefined) {
      yield* outbox.noteSent(row).pipe(atNextTurn("note-sent-mail"));
    }
    const now = yield* Clock.currentTimeMillis;
    const by = { now, chance: yield* Random.next };
    const settlement = settlementOf(row, outcome, by);
    const problem = yield* recorded(row, settlement);
    const final = problem === undefined ? settlement : unrecordedOf(row, settlement, by);
    yield* outbox.settle(row, final);
    if (final.state !== "waiting") (yield* mailMeter).settled(row.template, final.state);
    if (problem === undefined) tell(sending, row, settlement);
    else tellUnrecorded(sending, row, { settlement, final, problem });
  });

/** Puts what an attempt came to on record; answers the name of what was in the way, if anything. */
const recorded = (row: OutboxRow, settlement: Settlement) => {
  const { template, attempts: attempt, eventId: cause } = row;
  const { state } = settlement;
  if (state === "dropped") return Effect.undefined;
  const command: MailCommand =
    state === "sent"
      ? { type: "RecordSent", template, cause, attempt }
      : {
          ...{ type: "RecordFailed", template, cause, attempt },
          ...{ code: settlement.code, final: state === "failed" },
        };
  return record(row, command).pipe(
    Effect.as(undefined),
    Effect.catchCause((problem) =>
      Cause.hasInterrupts(problem) ? Effect.interrupt : Effect.succeed(tagOf(problem) ?? "defect"),
    ),
  );
};

/** A defect in a mail is a failed attempt like any other: the next mail is not held up by it. */
const attempted = (sending: Sending, row: OutboxRow) =>
  attempt(sending, row).pipe(
    Effect.catchCause((cause) =>
      Cause.hasInterrupts(cause)
        ? Effect.interrupt
        : Effect.succeed<Outcome>({ refused: { code: codeOf(cause), permanent: false } }),
    ),
  );

const attempt = Effect.fnUntraced(function* ({ house }: Sending, row: OutboxRow) {
  const now = new Date(yield* Clock.currentTimeMillis).toISOString();
  if (row.sentAt !== undefined) return { sent: true } satisfies Outcome;
  // The attempt before may have died after the mail had gone and before its row said so.
  if (row.attempts > 1) {
    const { state } = yield* load({ decider: mail, codec: mailCodec }, row.id);
    if (state.status === "sent") return { sent: true } satisfies Outcome;
  }
  if (row.expiresAt <= now) {
    return { refused: { code: "expired", permanent: true } } satisfies Outcome;
  }
  // Attempts that nobody could settle count like others.
  if (row.attempts > ATTEMPTS_MAX) {
    const code = row.code ?? "given_up";
    return { refused: { code, permanent: true } } satisfies Outcome;
  }
  const [cause] = yield* (yield* Ledgers)[row.ledger].at([row.position]);
  if (cause?.id !== row.eventId) return { dropped: "no_event" } satisfies Outcome;
  const composed = yield* composeMail(house, row, cause);
  if ("dropped" in composed) return composed satisfies Outcome;
  const { send } = yield* MailTransport;
  const meter = yield* mailMeter;
  const begun = yield* Clock.currentTimeMillis;
  const sent = send(composed.mail).pipe(
    Effect.map((): Outcome => ({ sent: true })),
    Effect.catchTag("MailRefused", (refused) => Effect.succeed<Outcome>({ refused })),
  );
  const outcome = yield* sent;
  meter.sent(row.template, {
    code: "refused" in outcome ? outcome.refused.code : "ok",
    ms: (yield* Clock.currentTimeMillis) - begun,
  });
  return outcome;
});

/** What an attempt came to means for the row. */
export function settlementOf(
  { attempts, expiresAt }: Pick<OutboxRow, "attempts" | "expiresAt">,
  outcome: Outcome,
  by: By,
): Settlement {
  if ("sent" in outcome) return { state: "sent" };
  if ("dropped" in outcome) return { state: "dropped", code: outcome.dropped };
  const { code, permanent, retryAfterMs = 0 } = outcome.refused;
  const planned = RETRY_AFTER_MS[attempts - 1];
  if (permanent || planned === undefined) return { state: "failed", code };
  const nextAt = inAbout(planned, by, retryAfterMs);
  return nextAt < expiresAt ? { state: "waiting", nextAt, code } : { state: "failed", code };
}

/**
 * The same when it could not be put on record: as many attempts, as far apart, also of a mail that
 * went and is not sent by them.
 */
function unrecordedOf({ attempts }: OutboxRow, settlement: Settlement, by: By): Settlement {
  const code = settlement.state === "sent" ? "unrecorded" : settlement.code;
  if (settlement.state === "waiting") return settlement;
  if (attempts > ATTEMPTS_MAX) return { state: "failed", code };
  const planned = RETRY_AFTER_MS[attempts - 1] ?? RETRY_AFTER_MS.at(-1) ?? 0;
  return { state: "waiting", nextAt: inAbout(planned, by), code };
}

const inAbout = (waitMs: number, { now, chance }: By, leastMs = 0) =>
  new Date(now + Math.max(waitMs * (1 + JITTER * (2 * chance - 1)), leastMs)).toISOString();

const record = (row: OutboxRow, command: MailCommand) =>
  Effect.gen(function* () {
    const [cause] = yield* (yield* Ledgers)[row.ledger].at([row.position]);
    yield* transact({
      decider: mail,
      codec: mailCodec,
      id: row.id,
      requestId: `${row.id}/${command.type}/${row.attempts}`,
      command,
      meta: {
        actor: "process:mail",
        correlation: cause?.meta.correlation ?? row.id,
        causation: row.eventId,
      },
    });
  });

const codeOf = (cause: Cause.Cause<unknown>) =>
  tagOf(cause) === undefined ? "internal" : "unavailable";

/** The name of what went wrong; its message may quote a value. */
function tagOf(cause: Cause.Cause<unknown>): string | undefined {
  const error = Cause.squash(cause);
  const tagged = typeof error === "object" && error !== null && "_tag" in error;
  return tagged ? String(error._tag) : undefined;
}

function tell({ log }: Sending, row: OutboxRow, settlement: Settlement): void {
  const { template: kind, attempts } = row;
  const { state } = settlement;
  if (state === "sent") log({ level: "info", message: "Mail sent", kind });
  else {
    const { code } = settlement;
    const message = SAID[state];
    const level = state === "dropped" ? "info" : "warn";
    log({ level, message, kind, code, attempt: attempts });
  }
}

/** Of what could not be put on record; `code` is the name of what was in the way. */
function tellUnrecorded(
  { log }: Sending,
  { template: kind, attempts: attempt }: OutboxRow,
  {
    settlement,
    final,
    problem: code,
  }: { readonly settlement: Settlement; readonly final: Settlement; readonly problem: string },
): void {
  const what = settlement.state === "sent" ? "Mail sent" : "Mail not sent";
  const then = final.state === "failed" ? "never on record" : "not on record, to be tried again";
  log({ level: "warn", message: `${what}, ${then}`, kind, code, attempt });
}

const SAID = {
  waiting: "Mail not sent, to be tried again",
  failed: "Mail not sent",
  dropped: "Mail not needed any more",
} as const;
