import { acceptedLanguage, type Spoken, spoken } from "../http/accept-language.ts";
import { de } from "./languages/de.ts";
import { en, type Texts } from "./languages/en.ts";
import { es } from "./languages/es.ts";
import { fr } from "./languages/fr.ts";
import { ru } from "./languages/ru.ts";
import { vi } from "./languages/vi.ts";
import { zh } from "./languages/zh.ts";

/** Every language of the pages, by its tag (BCP 47). */
export const LANGUAGES = { en, de, fr, es, ru, vi, zh } satisfies Record<Spoken, Texts>;
export type Language = keyof typeof LANGUAGES;

/** The texts of a language. */
export function textsOf(language: Language): Texts {
  return LANGUAGES[language];
}

/** Of what was asked for, said of oneself and sent by the browser, the first that we speak. */
export function chooseLanguage(
  asked: string | undefined,
  locale: string | undefined,
  accepted: string | null,
): Language {
  return spoken(asked) ?? spoken(locale) ?? acceptedLanguage(accepted) ?? "en";
}
