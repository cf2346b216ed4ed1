import { type Html, html } from "./html.ts";
import type { Visit } from "./visit.ts";

/** What was just done, named by the address: known texts only, so nobody can put words there. */
export function noticeOf({ query, texts, failed }: Visit): Html | undefined {
  const done = query["done"];
  if (done === undefined || failed !== undefined) return undefined;
  const notices: Readonly<Record<string, string>> = texts.done;
  const notice = Object.hasOwn(notices, done) ? notices[done] : undefined;
  return notice === undefined ? undefined : html`<p class="notice" role="status">${notice}</p>`;
}
