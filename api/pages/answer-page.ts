import { readBytes } from "../http/body.ts";
import { Problem, type ProblemFields } from "../http/problem.ts";
import type { Browser } from "./ask.ts";
import { asker } from "./ask.ts";
import { cookieAfter } from "./cookie-jar.ts";
import { documentOf } from "./document.ts";
import { type Fields, parseForm } from "./form-body.ts";
import { type Opened, openVisit, type Pages } from "./open-visit.ts";
import type { Form, Page, Shown } from "./page.ts";
import { problemPage, redirectTo } from "./problem-page.ts";
import { may, type Visit } from "./visit.ts";

/** Never written back into a page. */
const SECRET = ["password", "current", "token", "confirmation"];

/** What names the form and this sending of it, and what proves anew who sends it: of no body. */
const OURS = ["form", "once", "confirmation"];

/** As a form names its sending. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Answers a GET or a POST of a page; whatever happens, it is a page or leads to one. */
export async function answerPage(
  pages: Pages,
  page: Page,
  asked: { readonly browser: Browser; readonly params: Readonly<Record<string, string>> },
): Promise<Response> {
  const { params } = asked;
  const browser = settingUp(page, asked.browser);
  let opened: Opened | undefined;
  try {
    opened = await openVisit(pages, { browser, params, path: page.path });
    const { visit } = opened;
    if (visit.elsewhere && page.path !== "/setup") {
      throw new Problem({ status: 403, code: "plain_http" });
    }
    if (page.gate !== "public" && visit.person === undefined) return toSignIn(visit, browser);
    if (typeof page.gate !== "string" && !may(visit, ...page.gate)) {
      throw new Problem({ status: 403, code: "forbidden", requires: page.gate[0] });
    }
    if (browser.request.method === "POST") return await submitted(pages, page, browser, opened);
    return await shown(pages, page, { visit, status: 200 });
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    if (thrown.status === 401 && opened !== undefined) return toSignIn(opened.visit, browser);
    return problemPage(pages, { browser, problem: thrown, visit: opened?.visit });
  }
}

type Showing = {
  readonly visit: Visit;
  readonly status: number;
  readonly cookies?: ReadonlyArray<string>;
  readonly problem?: ProblemFields;
};

async function shown(pages: Pages, page: Page, showing: Showing): Promise<Response> {
  const { visit, status, cookies = [], problem } = showing;
  const content = await page.show(visit);
  if ("to" in content) return redirectTo(content.to, cookies);
  return documentOf(pages, {
    visit: content.visit ?? visit,
    content,
    status: content.status ?? status,
    cookies,
    retryAfterMs: problem?.retryAfterMs,
  });
}

async function submitted(
  pages: Pages,
  page: Page,
  browser: Browser,
  { visit, cookie }: Opened,
): Promise<Response> {
  const { request } = browser;
  browser.checkOrigin(request.headers.has("cookie"));
  const bytes = await readBytes(request, visit.settings.bodyBytesMax).catch((thrown: unknown) => {
    throw thrown instanceof Problem ? thrown : new Problem({ status: 400, code: "malformed_form" });
  });
  const fields = parseForm(bytes, request.headers.get("content-type"));
  const name = fields["form"] ?? "";
  const forms = page.forms ?? {};
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (form === undefined) throw new Problem({ status: 400, code: "unknown_form" });
  const members = Object.fromEntries(Object.entries(fields).filter(([key]) => !OURS.includes(key)));
  const result = await performed(pages, { form, browser, visit, cookie, members, fields });
  if ("next" in result) return await goneOn(pages, visit, result);
  const { problem, cookies, ask } = result;
  // A session that is over has no form to show again.
  if (problem.status === 401 && page.gate !== "public") throw new Problem(problem);
  const kept = Object.entries(members).filter(([key]) => !SECRET.includes(key));
  const typed = Object.fromEntries(kept);
  const failed = { form: form.shownAs ?? name, problem: beside(form, problem), typed };
  const again: Visit = { ...visit, ask, failed };
  return shown(pages, page, { visit: again, status: problem.status, cookies, problem });
}

type Performing = {
  readonly form: Form;
  readonly browser: Browser;
  readonly visit: Visit;
  readonly cookie: string | null;
  readonly members: Fields;
  readonly fields: Fields;
};

type Passed = {
  readonly next: string | Shown;
  readonly cookies: ReadonlyArray<string>;
  /** As whoever the route made of the person. */
  readonly ask: Visit["ask"];
};

type Performed =
  | Passed
  | {
      readonly problem: ProblemFields;
      readonly cookies: ReadonlyArray<string>;
      /** As whoever the step-up made of the person: their old cookie is refused. */
      readonly ask: Visit["ask"];
    };

/** Proves the person anew where they were asked to, then runs the form's route. */
async function performed({ kernel }: Pages, performing: Performing): Promise<Performed> {
  const { form, browser, visit, cookie, members, fields } = performing;
  const early = form.refuse?.(members, visit);
  if (early !== undefined) return { problem: early, cookies: [], ask: visit.ask };
  const proof = fields["confirmation"];
  let [ask, cookies]: [Visit["ask"], ReadonlyArray<string>] = [visit.ask, []];
  if (proof !== undefined) {
    const told = await ask("POST /v1/session/elevate", { body: { password: proof } });
    if (!told.ok) {
      const problem = { ...told.problem, field: "confirmation" };
      const status = problem.status === 401 ? 403 : problem.status;
      return { problem: { ...problem, status }, cookies, ask };
    }
    cookies = told.cookies;
    ask = asker(kernel, browser, cookieAfter(cookie, cookies));
  }
  const route = typeof form.route === "function" ? form.route(members) : form.route;
  const asked = (await form.input?.(members, { ...visit, ask })) ?? { body: members };
  const told = await ask(route, { ...asked, once: UUID.exec(fields["once"] ?? "")?.[0] });
  if (!told.ok) return { problem: told.problem, cookies, ask };
  const { body, position } = told;
  const next = form.next({ fields: members, visit, body, position });
  const set = [...cookies, ...told.cookies];
  return { next, cookies: set, ask: asker(kernel, browser, cookieAfter(cookie, set)) };
}

/** The problem with the field of the form that its message stands beside: of a list's, the list. */
function beside(form: Form, problem: ProblemFields): ProblemFields {
  const list = problem.field?.split(".", 1)[0];
  const field = form.beside?.[problem.field ?? problem.code] ?? form.beside?.[list ?? ""] ?? list;
  return field === undefined ? problem : { ...problem, field };
}

/** What follows a form that passed: an address, or a page in answer to the form itself. */
async function goneOn(pages: Pages, visit: Visit, { next, cookies, ask }: Passed) {
  // Over plain HTTP nobody stays signed in: the session that a set-up began ends with it.
  if (visit.elsewhere) await ask("POST /v1/sign-out");
  const kept = visit.elsewhere ? [] : cookies;
  if (typeof next === "string") return redirectTo(next, kept);
  return documentOf(pages, { visit, content: next, status: next.status ?? 200, cookies: kept });
}

/**
 * Set-up may also be done at an address that is not the server's own yet: there the page's own
 * host is the origin that counts, and the set-up token is what proves the person.
 */
function settingUp(page: Page, browser: Browser): Browser {
  const { request } = browser;
  const origin = request.headers.get("origin");
  const own = page.path === "/setup" && origin === new URL(request.url).origin;
  return own ? { ...browser, checkOrigin: () => undefined } : browser;
}

function toSignIn(visit: Visit, { request }: Browser): Response {
  const { pathname, search } = new URL(request.url);
  const back = request.method === "GET" ? `${pathname}${search}` : pathname;
  return redirectTo(visit.href("/sign-in", { redirectTo: back }), []);
}
