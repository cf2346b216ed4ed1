import * as Cause from "effect/Cause";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Random from "effect/Random";
import { mailCodec } from "../../adapters/codec/mail.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { type MailRefused, MailTransport } from "../../adapters/ports/mail-transport.ts";
import { Outbox, type OutboxRow, type Settlement } from "../../adapters/ports/outbox.ts";
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

type Outcome =
  | { readonly sent: true }
  | { readonly dropped: string }
  | { readonly refused: Pick<MailRefused, "code" | "permanent" | "retryAfterMs"> };

/**
 * Sends one claimed mail, records what became of it, and settles its row. In this order, so that
 * whoever dies in between sends again, the same mail with the same token, and nothing is lost.
 */
export const sendMail = (sending: Sending, row: OutboxRow) =>
  Effect.gen(function* () {
    const outcome = yield* attempted(sending, row);
    const now = yield* Clock.currentTimeMillis;
    const settlement = settlementOf(row, outcome, { now, chance: yield* Random.next });
    const { template, attempts: attempt, eventId: cause } = row;
    if (settlement.state === "sent") {
      yield* record(row, { type: "RecordSent", template, cause, attempt });
    } else if (settlement.state !== "dropped") {
      const { code, state } = settlement;
      const final = state === "failed";
      yield* record(row, { type: "RecordFailed", template, cause, attempt, code, final });
    }
    yield* (yield* Outbox).settle(row, settlement);
    tell(sending, row, settlement);
  });

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
  // The attempt before may have died after the mail had gone and before its row said so.
  if (row.attempts > 1) {
    const { state } = yield* load({ decider: mail, codec: mailCodec }, row.id);
    if (state.status === "sent") return { sent: true } satisfies Outcome;
  }
  if (row.expiresAt <= now) {
    return { refused: { code: "expired", permanent: true } } satisfies Outcome;
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

/** What an attempt came to means for the row; `chance` is from 0 to 1. */
export function settlementOf(
  { attempts, expiresAt }: Pick<OutboxRow, "attempts" | "expiresAt">,
  outcome: Outcome,
  { now, chance }: { readonly now: number; readonly chance: number },
): Settlement {
  if ("sent" in outcome) return { state: "sent" };
  if ("dropped" in outcome) return { state: "dropped", code: outcome.dropped };
  const { code, permanent, retryAfterMs = 0 } = outcome.refused;
  const planned = RETRY_AFTER_MS[attempts - 1];
  if (permanent || planned === undefined) return { state: "failed", code };
  const wait = Math.max(planned * (1 + JITTER * (2 * chance - 1)), retryAfterMs);
  const nextAt = new Date(now + wait).toISOString();
  return nextAt < expiresAt ? { state: "waiting", nextAt, code } : { state: "failed", code };
}

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

function codeOf(cause: Cause.Cause<unknown>): string {
  const error = Cause.squash(cause);
  const tagged = typeof error === "object" && error !== null && "_tag" in error;
  return tagged ? "unavailable" : "internal";
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

const SAID = {
  waiting: "Mail not sent, to be tried again",
  failed: "Mail not sent",
  dropped: "Mail not needed any more",
} as const;
