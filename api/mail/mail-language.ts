import { type Spoken, spoken } from "../http/accept-language.ts";
import type { MailTexts } from "./mail-texts.ts";
import { de } from "./texts/de.ts";
import { en } from "./texts/en.ts";
import { es } from "./texts/es.ts";
import { fr } from "./texts/fr.ts";
import { ru } from "./texts/ru.ts";
import { vi } from "./texts/vi.ts";
import { zh } from "./texts/zh.ts";

/** Every language of the mails, by its tag (BCP 47). */
export const MAIL_LANGUAGES = { en, de, fr, es, ru, vi, zh } satisfies Record<Spoken, MailTexts>;
export type MailLanguage = keyof typeof MAIL_LANGUAGES;

/**
 * The language of a mail: that of the person's own locale such as `de-AT`, else the one in which
 * it was asked for, else English.
 */
export function mailLanguage(locale: string | undefined, asked?: string): MailLanguage {
  return spoken(locale) ?? spoken(asked) ?? "en";
}

/** A moment as people of the language write it, in the time zone, which is named. */
export function writtenTime(language: MailLanguage, at: string, zone = "UTC"): string {
  const format = (timeZone: string) =>
    new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
      year: "numeric",
      month: "long",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZoneName: "short",
      timeZone,
    }).format(new Date(at));
  try {
    return format(zone);
  } catch {
    // Whatever somebody wrote into their profile.
    return format("UTC");
  }
}
