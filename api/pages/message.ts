import type { ProblemFields } from "../http/problem.ts";
import { foreign, type Html, html } from "./html.ts";
import type { Texts } from "./languages/en.ts";

/** What a problem means to the person who reads it, and what they can do. */
export function messageOf({ code, field, status, retryAfterMs }: ProblemFields, texts: Texts) {
  const { invalid, codes, problem } = texts;
  if (code === "throttled" && retryAfterMs !== undefined) {
    return fill(codes.throttled, { seconds: String(Math.max(1, Math.ceil(retryAfterMs / 1000))) });
  }
  const beside: Readonly<Record<string, string>> = invalid;
  if (code === "invalid_field" && field !== undefined) return beside[field] ?? invalid.other;
  if (field === "confirmation" && Object.hasOwn(CONFIRMATION, code)) return invalid.confirmation;
  const known: Readonly<Record<string, string>> = codes;
  return known[code] ?? (status >= 500 ? problem.later : problem.refused);
}

const CONFIRMATION = { invalid_credentials: true, forbidden: true };

/** A text with its `{places}` filled. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}

/** The same for a text that shows: what somebody chose keeps its direction to itself. */
export function filled(text: string, values: Readonly<Record<string, string>>): Html {
  const pieces = text.split(/\{(\w+)\}/);
  return html`${pieces.map((piece, at) => (at % 2 === 0 ? piece : foreign(values[piece] ?? "")))}`;
}

/** As plain text does it, where there is no markup: in titles and labels (UAX #9, 2.4). */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
