import { type Html, html } from "./html.ts";
import type { Visit } from "./visit.ts";

/** Notices that ask for something, and the page where it is done. */
const LEADING: Readonly<Record<string, string>> = { passwordRemoved: "/account/password" };

/** What was just done, named by the address: known texts only, so nobody can put words there. */
export function noticeOf(visit: Visit): Html | undefined {
  const { query, texts, failed } = visit;
  const done = query["done"];
  if (done === undefined || failed !== undefined) return undefined;
  const notices: Readonly<Record<string, string>> = texts.done;
  const notice = Object.hasOwn(notices, done) ? notices[done] : undefined;
  if (notice === undefined) return undefined;
  const to = LEADING[done];
  const link = to !== undefined && html` <a href="${visit.href(to)}">${texts.password.set}</a>`;
  return html`<p class="notice" role="status">${notice}${link}</p>`;
}
