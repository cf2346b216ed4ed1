import { attributes, type Hole, type Html, html } from "./html.ts";
import type { Visit } from "./visit.ts";

/** A short word in a frame. */
export function pill(text: Hole, look?: "good" | "bad"): Html {
  return html`<span class="${look === undefined ? "pill" : `pill ${look}`}">${text}</span>`;
}

/** What is what, one below the other. */
export function facts(pairs: ReadonlyArray<readonly [label: string, value: Hole]>): Html {
  const shown = pairs.filter(([, value]) => value !== undefined && value !== false);
  return html`<dl class="facts">${shown.map(
    ([label, value]) => html`<div><dt>${label}</dt>
  <dd>${value}</dd></div>`,
  )}</dl>`;
}

/** A moment in the reader's language, in their time zone where they told it, which is named. */
export function moment(visit: Visit, at: string): Html {
  return html`<time${attributes({ datetime: at })}>${writtenMoment(visit, at)}</time>`;
}

export function writtenMoment({ language, person }: Visit, at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const told = person?.user.timezone;
  const format = (timeZone: string) =>
    new Intl.DateTimeFormat(language, {
      timeZone,
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "numeric",
      minute: "2-digit",
      timeZoneName: "short",
    }).format(date);
  try {
    return format(typeof told === "string" ? told : "UTC");
  } catch {
    // A time zone is whatever somebody typed into their profile.
    return format("UTC");
  }
}

/** Links to what comes before and after, where there is something. */
export function pager(
  visit: Visit,
  { first, next }: { readonly first: string | undefined; readonly next: string | undefined },
): Html | undefined {
  if (first === undefined && next === undefined) return undefined;
  const { texts } = visit;
  return html`<nav class="pages" aria-label="${texts.frame.pages}">
${first !== undefined && html`<a class="button quiet" href="${first}">${texts.frame.first}</a>`}
${
  next !== undefined &&
  html`<a class="button quiet" href="${next}" rel="next">${texts.frame.next}
</a>`
}
</nav>`;
}

/** A page of a list that the API gives out by cursor. */
export type PageOf<T> = { readonly items: ReadonlyArray<T>; readonly nextCursor?: string };
