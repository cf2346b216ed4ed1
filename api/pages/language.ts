import { de } from "./languages/de.ts";
import { en, type Texts } from "./languages/en.ts";
import { es } from "./languages/es.ts";
import { fr } from "./languages/fr.ts";
import { ru } from "./languages/ru.ts";
import { vi } from "./languages/vi.ts";
import { zh } from "./languages/zh.ts";

/** Every language of the pages, by its tag (BCP 47). */
export const LANGUAGES = { en, de, fr, es, ru, vi, zh } satisfies Record<string, Texts>;
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
  const wanted = [asked, locale, ...preferred(accepted ?? "")];
  return wanted.map((tag) => spoken(tag)).find((found) => found !== undefined) ?? "en";
}

/** The language of a tag such as `de-AT` or `zh_Hans_CN`. */
export function spoken(tag: string | undefined): Language | undefined {
  const primary = tag?.toLowerCase().split(/[-_]/)[0] ?? "";
  return Object.hasOwn(LANGUAGES, primary) ? (primary as Language) : undefined;
}

/** Tags of Accept-Language, best first (RFC 9110, 12.5.4). */
function preferred(header: string): ReadonlyArray<string> {
  return header
    .split(",")
    .map((item) => {
      const [tag = "", ...parameters] = item.trim().split(";");
      const weight = parameters.map((each) => /^\s*q=([\d.]+)\s*$/.exec(each)?.[1]).find(Boolean);
      return { tag, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((left, right) => right.weight - left.weight)
    .map(({ tag }) => tag);
}
