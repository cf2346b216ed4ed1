import * as Effect from "effect/Effect";
import { Consumers } from "../../adapters/ports/consumers.ts";
import { type Ledger, Ledgers } from "../../adapters/ports/ledger.ts";
import { Outbox, type OutboxStatus } from "../../adapters/ports/outbox.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { Settings } from "../http/settings.ts";

/** Something that an operator must mend. */
export type HealthProblem = {
  /** `ledger:identity`, `model:users`, `consumer:end-sessions`, `mail`. */
  readonly where: string;
  readonly problem: string;
  readonly repair: string;
};

/** A mail is tried within seconds; after this long nobody sends. */
const MAIL_LATE_MS = 5 * 60 * 1_000;

/** How everything stands that works behind the requests; fails where the store does not answer. */
export const health = (settings: Pick<Settings, "mail">, now: Date) =>
  Effect.gen(function* () {
    const { identity, activity } = yield* Ledgers;
    const ledgers = yield* Effect.forEach([identity, activity], standing);
    const models = (yield* (yield* ReadModels).status).map((status) => ({
      ...status,
      lag: Math.max(0, status.head - status.position),
    }));
    const consumers = (yield* (yield* Consumers).status).map((status) => ({
      ...status,
      lag: Math.max(0, status.head - status.position),
    }));
    const mail = { mode: settings.mail, ...(yield* (yield* Outbox).status) };
    const problems: ReadonlyArray<HealthProblem> = [
      ...ledgers.flatMap(({ ledger, blockedAt }) =>
        blockedAt === undefined
          ? []
          : [
              {
                where: `ledger:${ledger}`,
                problem: `a forged row at position ${blockedAt}: every append is refused`,
                repair: 'as the owner of the tables remove it: README.md, "A forged row"',
              },
            ],
      ),
      ...models.flatMap(({ model, problem, parked }) => [
        ...(problem === undefined
          ? []
          : [{ where: `model:${model}`, problem, repair: "run `authledger verify`" }]),
        ...(parked === 0
          ? []
          : [
              {
                where: `model:${model}`,
                problem: `${parked} keys are parked`,
                repair: `run a version that can fold them, then \`authledger rebuild ${model}\``,
              },
            ]),
      ]),
      ...consumers.flatMap(({ name, problem }) =>
        problem === undefined
          ? []
          : [
              {
                where: `consumer:${name}`,
                problem: `stands still: ${problem}`,
                repair: "the log says why; it goes on by itself once the cause is mended",
              },
            ],
      ),
      ...mailProblems(mail, now),
    ];
    return { ledgers, models, consumers, mail, problems };
  });

type Mail = OutboxStatus & { readonly mode: Settings["mail"] };

/**
 * Every attempt and every claim moves when a mail is due, so that is no sign of one that is late:
 * what came of the attempts is, and when one was queued that nothing came of. Where mail is turned
 * off, what still waits is swept when its time is over.
 */
function mailProblems({ mode, failing, untriedSince }: Mail, now: Date) {
  if (mode === "closed") return [];
  const where = "mail";
  const late =
    untriedSince !== undefined && now.getTime() - Date.parse(untriedSince) > MAIL_LATE_MS;
  return [
    ...(failing === 0
      ? []
      : [
          {
            where,
            problem: `mails that are not taken by the mail server: ${failing}`,
            repair: "check SMTP_URL with POST /v1/mail/test; GET /v1/mail shows the codes",
          },
        ]),
    ...(late
      ? [
          {
            where,
            problem: `mails wait untried since ${untriedSince}`,
            repair: "the log says why; a running server tries them again by itself",
          },
        ]
      : []),
  ];
}

/** The head, and whether a row stands where the next append belongs that we did not write. */
const standing = ({ name, head, at }: Ledger) =>
  Effect.gen(function* () {
    const { position } = yield* head;
    const next = position + 1;
    // What another process appended just now can be read; a forged row can not.
    const isStray = yield* at([next]).pipe(
      Effect.as(false),
      Effect.catchTag("LedgerCorrupt", (corrupt) => Effect.succeed(corrupt.position === next)),
    );
    return { ledger: name, position, ...(isStray ? { blockedAt: next } : {}) };
  });
