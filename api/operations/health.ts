import * as Effect from "effect/Effect";
import { Consumers } from "../../adapters/ports/consumers.ts";
import { type Ledger, Ledgers } from "../../adapters/ports/ledger.ts";
import { Outbox } from "../../adapters/ports/outbox.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { Settings } from "../http/settings.ts";

/** Something that an operator must mend. */
export type HealthProblem = {
  /** `ledger:identity`, `model:users`, `consumer:end-sessions`, `mail`. */
  readonly where: string;
  readonly problem: string;
  readonly repair: string;
};

/** A mail that is due is sent within seconds; after this long the mail server is not there. */
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
    const { counts, oldestDueAt } = yield* (yield* Outbox).status;
    const mode = settings.mail;
    const mail = { mode, ...counts, ...(oldestDueAt === undefined ? {} : { oldestDueAt }) };
    const late =
      oldestDueAt !== undefined && now.getTime() - Date.parse(oldestDueAt) > MAIL_LATE_MS;
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
      ...(late
        ? [
            {
              where: "mail",
              problem: "mails that are due are not sent",
              repair: "check SMTP_URL with POST /v1/mail/test; GET /v1/mail shows the codes",
            },
          ]
        : []),
    ];
    return { ledgers, models, consumers, mail, problems };
  });

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
