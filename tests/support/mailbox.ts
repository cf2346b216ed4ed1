import * as Effect from "effect/Effect";
import { type KeptMail, MailTransport } from "../../adapters/ports/mail-transport.ts";
import { type MailRun, runMail } from "../../api/mail/run-mail.ts";
import { DEFAULT_BRAND } from "../../api/pages/brand.ts";
import type { MailTemplate } from "../../domain/mail/mod.ts";
import { until } from "./until.ts";

/** What is sent in tests, and from where. */
export const mailRun: MailRun = {
  open: true,
  verifySignUps: true,
  house: { url: "http://localhost:4000", brand: DEFAULT_BRAND, own: new Map() },
  log: () => {},
};

/** Everything that queues and sends mails in a test. */
export const mailRunning = runMail(mailRun);

type Running = {
  readonly run: <A, E>(effect: Effect.Effect<A, E, MailTransport>) => Promise<A>;
};

/** Mails in the mailbox of a world, newest first. */
export const mailbox = ({ run }: Running): Promise<ReadonlyArray<KeptMail>> =>
  run(
    Effect.flatMap(
      Effect.service(MailTransport),
      ({ mailbox: kept }) => kept ?? Effect.succeed([]),
    ),
  );

/** The newest mail of a kind to an address, once it is there; `after` are the ids of older ones. */
export const mailTo = (
  world: Running,
  to: string,
  {
    template,
    after = [],
  }: { readonly template: MailTemplate; readonly after?: ReadonlyArray<string> },
): Promise<KeptMail> =>
  until(async () =>
    (await mailbox(world)).find(
      (mail) => mail.to === to && mail.template === template && !after.includes(mail.id),
    ),
  );

/** The token of a mail's link. */
export const tokenIn = ({ link }: Pick<KeptMail, "link">): string =>
  new URL(link).searchParams.get("token") ?? "";
