import * as Effect from "effect/Effect";
import * as Metric from "effect/Metric";
import type { OutboxState } from "../../adapters/ports/outbox.ts";
import type { MailTemplate } from "../../domain/mail/mod.ts";

/** Seconds, from a mail server next door to one that is given up. */
const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const MS_PER_SECOND = 1_000;

const attempts = (kind: MailTemplate, code: string) =>
  Metric.counter("authledger_mail_attempts_total", {
    description: "Mails given to the mail server, by kind and by what it said",
    attributes: { kind, code },
  });
const settled = (kind: MailTemplate, state: OutboxState) =>
  Metric.counter("authledger_mails_settled_total", {
    description: "Mails that went, failed or were not needed any more, by kind",
    attributes: { kind, state },
  });
const duration = Metric.histogram("authledger_mail_duration_seconds", {
  description: "Time that the mail server took for one mail",
  boundaries: SECONDS,
});

/** Counts attempts into the registry of the context. */
export const mailMeter = Effect.map(Effect.context<never>(), (context) => ({
  sent: (kind: MailTemplate, { code, ms }: { readonly code: string; readonly ms: number }) => {
    attempts(kind, code).updateUnsafe(1, context);
    duration.updateUnsafe(ms / MS_PER_SECOND, context);
  },
  settled: (kind: MailTemplate, state: OutboxState) =>
    settled(kind, state).updateUnsafe(1, context),
}));
