import * as Effect from "effect/Effect";
import { sealedIn } from "../../adapters/codec/catalogue.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import type { OutgoingMail } from "../../adapters/ports/mail-transport.ts";
import { OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import type { OutboxRow } from "../../adapters/ports/outbox.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { mailsOf } from "../../adapters/reactions/queue-mail.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import type { MailTemplate } from "../../domain/mail/mod.ts";
import type { Sealed } from "../../domain/sealed.ts";
import type { UserRow } from "../../projections/users.ts";
import { REACH_DEADLINE_MS } from "../http/positions.ts";
import { deviceName } from "./device-name.ts";
import { MAIL_LANGUAGES, mailLanguage, writtenTime } from "./mail-language.ts";
import { type MailLook, renderMail, TOKEN_OF } from "./render-mail.ts";

/** What the installation is to a mail. */
export type MailHouse = MailLook & { readonly url: string };

/** A mail, or why there is none to send any more. */
export type Composed = { readonly mail: OutgoingMail } | { readonly dropped: string };

/** The page that each mail leads to. */
const PAGES: { readonly [template in MailTemplate]: string } = {
  verification: "/verify-email",
  reset: "/reset-password",
  "magic-link": "/magic-link",
  "email-change": "/account/email/confirm",
  "email-change-asked": "/account/password",
  "set-password": "/reset-password",
  "account-exists": "/sign-in",
  invitation: "/invitation",
  "email-replaced": "/",
  "password-replaced": "/account",
  "password-removed": "/account/password",
  "new-device": "/account/sessions",
  "architect-appointed": "/admin",
  test: "/",
};

/** Where in the event the address stands; otherwise it is the one that the person has now. */
const ADDRESS_IN: { readonly [template in MailTemplate]?: string } = {
  verification: "email",
  "magic-link": "email",
  "email-change": "email",
  invitation: "email",
  "email-replaced": "previous",
};

/**
 * Writes a mail at the moment when it is sent: opens the address, derives the token, fills the
 * template in the person's language. Nothing of it is kept.
 */
export const composeMail = (house: MailHouse, row: OutboxRow, cause: LedgerRecord) =>
  Effect.gen(function* () {
    const { template, recipient } = row;
    // Whoever can write the outbox must not choose whose token goes to whose address.
    if (!(yield* isMeant(row, cause))) return dropped("not_meant");
    const person = template === "invitation" ? undefined : yield* personOf(recipient);
    if (template !== "invitation") {
      if (person === undefined && addressOf(template, cause) === undefined) {
        return dropped("unknown");
      }
      if (person?.status === "erased") return dropped("erased");
      if (template === "verification" && person?.emailVerified === true) return dropped("verified");
    }
    const opened = yield* openAll(template, { cause, person });
    if (opened.to === undefined) return dropped("erased");
    const token = yield* tokenOf(row, cause);
    if (token === undefined) return dropped("withdrawn");
    const language = mailLanguage(opened.locale, opened.asked);
    const path = PAGES[template];
    const link = `${house.url}${path}${token === "" ? "" : `?token=${token}`}`;
    const rendered = renderMail(
      house,
      { template, language },
      {
        link,
        // A name is its owner's text: only they are greeted by it, where they have proved to be.
        name: person?.emailVerified === true && opened.to === opened.own ? opened.name : "",
        expires: writtenTime(language, row.expiresAt, opened.timezone),
        when: writtenTime(language, cause.at, opened.timezone),
        device: deviceName(opened.userAgent) ?? MAIL_LANGUAGES[language].someDevice,
        who: template === "architect-appointed" ? yield* appointed(cause) : "",
        url: house.url,
      },
    );
    const mail = { ...rendered, id: row.id, template, to: opened.to, link, language };
    return { mail } satisfies Composed;
  });

/** Whether the event asks for this very mail; an event passes its MAC, a row has none. */
const isMeant = ({ id, template, recipient, expiresAt }: OutboxRow, cause: LedgerRecord) =>
  Effect.map(mailsOf(cause), (mails) =>
    mails.some(
      (mail) =>
        mail.id === id &&
        mail.template === template &&
        mail.recipient === recipient &&
        mail.expiresAt === expiresAt,
    ),
  );

const dropped = (code: string): Composed => ({ dropped: code });

/** The person as they are now: what they revised a moment ago counts. */
const personOf = (userId: string) =>
  Effect.gen(function* () {
    const models = yield* ReadModels;
    const { position } = yield* (yield* Ledgers).identity.head;
    yield* models.reach("users", position, REACH_DEADLINE_MS);
    const found = yield* models.get("users", userId);
    return found?.row as UserRow | undefined;
  });

type Place = { readonly ledger: "identity" | "activity"; readonly field: string } & {
  readonly sealed: Sealed;
};

function addressOf(template: MailTemplate, cause: LedgerRecord): Place | undefined {
  const member = ADDRESS_IN[template];
  const found = sealedIn(cause).find(({ path: [first] }) => first === member);
  if (member === undefined || found === undefined) return undefined;
  return { ledger: cause.ledger, field: found.field, sealed: found.sealed };
}

/** Where the request came from that caused the event, and the language it was made in. */
type Origin = { readonly userAgent?: string; readonly language?: string };

type Known = { readonly cause: LedgerRecord; readonly person: UserRow | undefined };

/** Everything personal that a mail needs, with one look-up. */
const openAll = (template: MailTemplate, { cause, person }: Known) =>
  Effect.gen(function* () {
    const own = (member: "email" | "name" | "locale" | "timezone"): Place | undefined => {
      const sealed = person?.[member];
      if (sealed === undefined) return undefined;
      return { ledger: "identity", field: `user.${member}`, sealed };
    };
    const { origin } = cause.meta;
    const wanted = {
      to: addressOf(template, cause) ?? own("email"),
      own: own("email"),
      name: own("name"),
      locale: own("locale"),
      timezone: own("timezone"),
      origin: origin && { ledger: cause.ledger, field: "meta.origin", sealed: origin },
    };
    const names = Object.keys(wanted) as Array<keyof typeof wanted>;
    const present = names.flatMap((name) => {
      const place = wanted[name];
      return place === undefined ? [] : [{ name, place }];
    });
    const values = yield* (yield* Sealer).open(present.map(({ place }) => place));
    const found: { [name in keyof typeof wanted]?: string } = {};
    present.forEach(({ name }, at) => {
      const value = values[at];
      if (value !== undefined) found[name] = value;
    });
    const { userAgent, language } = JSON.parse(found.origin ?? "{}") as Origin;
    return { ...found, name: greetable(found.name), userAgent, asked: language };
  });

/** What mail programs make a link of, by itself or with what stands around it. */
const LINK_LIKE = /[:/\\@]|[\p{L}\p{N}-]\.[\p{L}\p{N}-]{2}/u;

/** The name to greet somebody with; none that could lead somewhere. */
const greetable = (name = "") => (LINK_LIKE.test(name.normalize("NFKC")) ? "" : name);

/** Empty for a mail that opens nothing; undefined when what it opened is worth nothing any more. */
const tokenOf = (row: OutboxRow, cause: LedgerRecord) =>
  Effect.gen(function* () {
    const purpose = TOKEN_OF[row.template];
    if (purpose === undefined) return "";
    const tokens = yield* OneTimeTokens;
    const token = yield* tokens.issue(purpose, {
      subject: row.recipient,
      ledger: row.ledger,
      position: row.position,
      eventId: row.eventId,
      issuedAt: cause.at,
      expiresAt: row.expiresAt,
    });
    return (yield* tokens.peek(purpose, token)) === undefined ? undefined : token;
  });

/** How architects know the new one. */
const appointed = (cause: LedgerRecord) =>
  Effect.gen(function* () {
    const userId = String(cause.data["userId"]);
    const email = (yield* personOf(userId))?.email;
    if (email === undefined) return userId;
    const place = { ledger: "identity" as const, field: "user.email", sealed: email };
    const [opened] = yield* (yield* Sealer).open([place]);
    return opened ?? userId;
  });
