import { html, markupOf } from "../pages/html.ts";

/** What a template may leave open, as `{{name}}`. */
export const PLACEHOLDERS = [
  "product",
  "link",
  "name",
  "expires",
  "when",
  "device",
  "who",
  "url",
  "colour",
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** One text for each; empty where the mail has none. */
export type Values = { readonly [name in Placeholder]: string };

const HOLE = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Everything that a text leaves open, as it is written there. */
export function holesOf(text: string): ReadonlyArray<string> {
  return [...text.matchAll(HOLE)].map(([, name = ""]) => name);
}

/** The text with its holes filled; one that is not known stays empty. */
export function filled(text: string, values: Values): string {
  return text.replaceAll(HOLE, (_, name: string) => values[name as Placeholder] ?? "");
}

/** The same for markup: every value is escaped, good in text and in quoted attributes. */
export function filledMarkup(markup: string, values: Values): string {
  return markup.replaceAll(HOLE, (_, name: string) =>
    markupOf(html`${values[name as Placeholder] ?? ""}`),
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** One line, whatever somebody called themselves: a header ends at a line break. */
export function oneLine(text: string): string {
  return text.replaceAll(CONTROL, " ").trim();
}
