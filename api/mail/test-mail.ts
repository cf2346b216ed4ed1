import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { MailTransport } from "../../adapters/ports/mail-transport.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { DEFAULT_BRAND } from "../pages/brand.ts";
import type { Caller } from "../session/caller.ts";
import { ARCHITECT } from "../session/gate.ts";
import { mailIsOpen } from "./mail-is-open.ts";
import { mailLanguage, writtenTime } from "./mail-language.ts";
import { renderMail } from "./render-mail.ts";

/** At once and not through the outbox: whoever tries a mail server waits for what it says. */
export const testMail = route({
  method: "POST",
  path: "/v1/mail/test",
  summary: "Send a mail to oneself and say what the mail server said",
  auth: ARCHITECT,
  responses: {
    200: {
      description: "Taken by the mail server, or why not",
      schema: z.strictObject({ sent: z.boolean(), code: z.string().exactOptional() }),
    },
  },
  problems: { 409: ["mail_closed", "no_email"] },
  handler: ({ caller, settings }) =>
    Effect.gen(function* () {
      if (!mailIsOpen(settings)) return yield* refuse(409, "mail_closed");
      const { email, name, locale, timezone } = yield* opened(caller);
      if (email === undefined) return yield* refuse(409, "no_email");
      const language = mailLanguage(locale);
      const now = new Date(yield* Clock.currentTimeMillis).toISOString();
      const when = writtenTime(language, now, timezone);
      const rendered = renderMail(
        settings.mailLook ?? { brand: DEFAULT_BRAND, own: new Map() },
        { template: "test", language },
        {
          link: `${settings.url}/`,
          name: name ?? "",
          expires: when,
          when,
          device: "",
          who: "",
          url: settings.url,
        },
      );
      const mail = {
        ...rendered,
        id: crypto.randomUUID(),
        template: "test" as const,
        to: email,
        link: `${settings.url}/`,
        language,
      };
      const said = yield* (yield* MailTransport).send(mail).pipe(
        Effect.map(() => ({ sent: true })),
        Effect.catchTag("MailRefused", ({ code }) => Effect.succeed({ sent: false, code })),
      );
      return { status: 200, body: said };
    }),
});

/** What a mail needs of whoever asks. */
const opened = ({ user, dataKey }: Caller) =>
  Effect.gen(function* () {
    const members = ["email", "name", "locale", "timezone"] as const;
    const held = members.flatMap((member) => {
      const sealed = user[member];
      return sealed === undefined ? [] : [{ member, sealed }];
    });
    const values = yield* (yield* Sealer).open(
      held.map(({ member, sealed }) => ({ ledger: "identity", field: `user.${member}`, sealed })),
      dataKey === undefined ? [] : [dataKey],
    );
    const found: { [member in (typeof members)[number]]?: string } = {};
    held.forEach(({ member }, at) => {
      const value = values[at];
      if (value !== undefined) found[member] = value;
    });
    return found;
  });
