import type { TokenPurpose } from "../../adapters/ports/one-time-tokens.ts";
import type { MailTemplate } from "../../domain/mail/mod.ts";
import type { Brand } from "../pages/brand.ts";
import { layoutHtml, layoutText, type Parts } from "./layout.ts";
import { MAIL_LANGUAGES, type MailLanguage } from "./mail-language.ts";
import { filled, filledMarkup, oneLine, type Values } from "./placeholders.ts";

/** A template of the operator's own: a subject, a text, and a whole HTML document. */
export type OwnTemplate = {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** By `<template>.<language>`. */
export type OwnTemplates = ReadonlyMap<string, OwnTemplate>;

/** What mails need to know of the installation. */
export type MailLook = { readonly brand: Brand; readonly own: OwnTemplates };

/** What one mail is filled with; `name` is empty for who has none. */
export type MailValues = Omit<Values, "product" | "colour">;

export type Rendered = { readonly subject: string; readonly text: string; readonly html: string };

/** The mails whose link opens something, once, and what it opens. */
export const TOKEN_OF: { readonly [template in MailTemplate]?: TokenPurpose } = {
  verification: "verification",
  reset: "reset",
  "magic-link": "magic-link",
  "email-change": "email-change",
  "set-password": "set-password",
  invitation: "invitation",
};

/** One mail in one language. The subject is one line, whatever was filled in. */
export function renderMail(
  { brand, own }: MailLook,
  { template, language }: { readonly template: MailTemplate; readonly language: MailLanguage },
  given: MailValues,
): Rendered {
  const values = { ...given, product: brand.name, colour: brand.colour };
  const ours = own.get(`${template}.${language}`);
  if (ours !== undefined) {
    const subject = oneLine(filled(ours.subject, values));
    return { subject, text: filled(ours.text, values), html: filledMarkup(ours.html, values) };
  }
  const texts = MAIL_LANGUAGES[language];
  const mail = texts.mails[template];
  const fill = (text: string) => filled(text, values);
  const parts: Parts = {
    language,
    subject: oneLine(fill(mail.subject)),
    title: fill(mail.title),
    hello: fill(values.name === "" ? texts.hello : texts.helloName),
    text: mail.text.map(fill),
    button: fill(mail.button),
    link: values.link,
    ...(TOKEN_OF[template] === undefined ? {} : { expiry: fill(texts.expiry) }),
    copy: texts.copy,
    unasked: fill(mail.unasked),
    footer: fill(texts.footer),
    url: values.url,
  };
  return { subject: parts.subject, text: layoutText(parts), html: layoutHtml(parts, brand) };
}
