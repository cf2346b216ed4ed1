import { type ProblemFields, problemResponse } from "../http/problem.ts";
import type { Browser } from "./ask.ts";
import { documentOf } from "./document.ts";
import { html } from "./html.ts";
import { messageOf } from "./message.ts";
import { openVisit, type Pages } from "./open-visit.ts";
import type { Shown } from "./page.ts";
import { may, type Visit } from "./visit.ts";

type Refused = {
  readonly browser: Browser;
  readonly problem: ProblemFields;
  readonly visit?: Visit | undefined;
};

/** Whether a person is looking: a program that takes anything gets JSON on API paths only. */
export function wantsPage(request: Request): boolean {
  const accept = request.headers.get("accept") ?? "";
  return /\btext\/html\b|\bapplication\/xhtml\+xml\b/.test(accept);
}

/** A problem as a page for people, or as `application/problem+json` for programs. */
export async function problemPage(
  pages: Pages,
  { browser, problem, visit }: Refused,
): Promise<Response> {
  const { request, requestId } = browser;
  if (!wantsPage(request)) return problemResponse(problem, requestId);
  const seen = visit ?? (await visitOf(pages, browser));
  const { texts } = seen;
  const title = titleOf(problem.status, seen);
  const home = seen.person === undefined ? "/" : "/account";
  const frame = frameOf(seen, new URL(request.url).pathname);
  const response = documentOf(pages, {
    visit: seen,
    status: problem.status,
    retryAfterMs: problem.retryAfterMs,
    content: {
      title,
      frame,
      body: html`
        <h1>${title}</h1>
        <p>${messageOf(problem, texts)}</p>
        <p class="actions"><a class="button" href="${seen.href(home)}">${texts.problem.home}</a></p>
        <p class="quiet">${texts.problem.request} <code>${requestId}</code></p>`,
    },
  });
  return response;
}

/** Whoever is signed in keeps their ways out of the page. */
function frameOf(visit: Visit, path: string): Shown["frame"] {
  if (visit.person === undefined || visit.elsewhere) return "door";
  const administers = path.startsWith("/admin") && may(visit, "admin", "architect", "auditor");
  return administers ? "admin" : "account";
}

function titleOf(status: number, { texts }: Visit): string {
  const titles: Readonly<Record<number, string>> = texts.problem.titles;
  return titles[status] ?? (status >= 500 ? texts.problem.ours : texts.problem.yours);
}

/** Who looks, as far as it can be found out: a problem's page needs nobody. */
async function visitOf(pages: Pages, browser: Browser): Promise<Visit> {
  const { origin, pathname, searchParams } = new URL(browser.request.url);
  const lang = searchParams.get("lang");
  const address = `${origin}${pathname}${lang === null ? "" : `?lang=${encodeURIComponent(lang)}`}`;
  const opened = async (headers: Headers) => {
    const request = new Request(address, { headers });
    return openVisit(pages, { browser: { ...browser, request }, params: {}, path: "/" });
  };
  const headers = new Headers(browser.request.headers);
  try {
    return (await opened(headers)).visit;
  } catch {
    headers.delete("cookie");
    return (await opened(headers)).visit;
  }
}

/** Leads a browser on, with a GET whatever came before (RFC 9110, 15.4.4). */
export function redirectTo(to: string, cookies: ReadonlyArray<string>): Response {
  const headers = new Headers({ location: to });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}
