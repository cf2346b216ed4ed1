import { MARK } from "./assets.ts";
import { attributes, type Html, html, markupOf } from "./html.ts";
import { LANGUAGES, type Language } from "./language.ts";
import { navigationOf } from "./navigation.ts";
import { noticeOf } from "./notice.ts";
import type { Pages } from "./open-visit.ts";
import type { Shown } from "./page.ts";
import { may, type Visit } from "./visit.ts";

type Content = {
  readonly visit: Visit;
  readonly content: Shown;
  readonly status: number;
  readonly cookies?: ReadonlyArray<string>;
  readonly retryAfterMs?: number | undefined;
};

/** A whole page with its frame and its headers. */
export function documentOf(pages: Pages, shown: Content): Response {
  const { visit, status, cookies = [], retryAfterMs } = shown;
  const headers = new Headers({
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policyOf(pages, shown),
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    "referrer-policy": "same-origin",
    "content-language": visit.language,
    vary: "Accept-Language, Cookie",
  });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  if (retryAfterMs !== undefined) {
    headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  }
  return new Response(`<!doctype html>\n${markupOf(whole(pages, shown))}`, { status, headers });
}

/** Nothing but our stylesheet, our forms and the logo; a form may lead to where it was asked to. */
function policyOf({ brand, origins }: Pages, { visit, content }: Content): string {
  const { redirectTo, settings } = visit;
  const logo = brand.logo?.kind === "address" ? brand.logo.url : "";
  const logoOrigin = logo.startsWith("https:") ? ` ${new URL(logo).origin}` : "";
  const own = new URL(settings.url).origin;
  const target = redirectTo?.startsWith("http") ? [new URL(redirectTo).origin] : [];
  const led = [
    ...(content.leadsAway === true ? origins : target),
    ...(content.leadsTo ?? []).map(sourceOf),
  ];
  const others = led.filter((origin) => origin !== own).map((origin) => ` ${origin}`);
  return [
    "default-src 'none'",
    "style-src 'self'",
    `img-src 'self' data:${logoOrigin}`,
    // Browsers hold the redirect after a form to this list too.
    `form-action 'self'${others.join("")}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** As a source of a policy: an origin, or the scheme of an app (CSP Level 3, 2.3.1). */
function sourceOf(uri: string): string {
  const { origin, protocol } = new URL(uri);
  return origin === "null" ? protocol : origin;
}

function whole(pages: Pages, { visit, content }: Content): Html {
  const { texts, language, failed } = visit;
  const { title, body, frame } = content;
  const full = `${failed === undefined ? "" : `${texts.problem.prefix}: `}${title}`;
  const work = frame === "door" ? undefined : navigationOf(visit, content);
  return html`<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${full}${!title.includes(visit.brand.name) && ` · ${visit.brand.name}`}</title>
<link rel="icon" href="${pages.assets.icon}">
<link rel="stylesheet" href="${pages.assets.stylesheet}">
</head>
<body class="${frame === "door" ? "door" : "work"}">
<a class="skip" href="#main">${texts.frame.skip}</a>
${impersonation(visit)}
${header(pages, visit, frame)}
<div class="middle">
${work?.side}
<main id="main">
${work?.back}
${noticeOf(visit)}
${frame === "door" ? html`<div class="card">${body}</div>` : body}
</main>
</div>
${footer(visit)}
</body>
</html>
`;
}

function header(pages: Pages, visit: Visit, frame: Shown["frame"]): Html {
  const { texts, person } = visit;
  const brand = html`<a class="brand" href="${visit.href("/")}">${mark(pages)}
  <span>${visit.brand.name}</span></a>`;
  if (person === undefined || frame === "door") return html`<header class="top">${brand}</header>`;
  const link = (path: string, label: string, current: boolean) =>
    html`<li><a href="${visit.href(path)}"${attributes({
      "aria-current": current && "true",
    })}>${label}</a></li>`;
  return html`<header class="top">${brand}
<nav aria-label="${texts.frame.areas}"><ul class="areas">
${link("/account", texts.account.title, frame === "account")}
${
  may(visit, "admin", "architect", "auditor") &&
  link("/admin", texts.admin.title, frame === "admin")
}
${link("/sign-out", texts.signOut.action, false)}
</ul></nav></header>`;
}

/** The configured logo, else the mark; its name stands beside it, so it is decoration. */
function mark({ assets }: Pages): Html {
  if (assets.logo !== undefined)
    return html`<img class="logo" src="${assets.logo}" alt="" height="28">`;
  return html`<svg class="mark" viewBox="0 0 26 26" width="28" height="28" aria-hidden="true"
  focusable="false"><rect width="26" height="26" rx="7"></rect><path d="${MARK}"></path></svg>`;
}

/** Who acts in somebody's name never forgets it, and is one button away from the end of it. */
function impersonation(visit: Visit): Html | undefined {
  const { person, texts } = visit;
  if (person === undefined || !isImpersonated(visit)) return undefined;
  const { name, email, id } = person.user;
  const called = [name, email].find((value) => typeof value === "string") ?? id;
  return html`<div class="impersonation" role="status">
<p>${texts.impersonation.acting} <strong><bdi>${called as string}</bdi></strong></p>
<form method="post" action="${visit.href("/impersonation")}"><input type="hidden" name="form"
value="stop"><button class="plain" type="submit">${texts.impersonation.stop}</button></form>
</div>`;
}

/** Whether somebody else acts in this session. */
export function isImpersonated({ person }: Visit): boolean {
  return person?.session.impersonator !== undefined;
}

function footer(visit: Visit): Html {
  const { texts, language, query, path } = visit;
  const items = (Object.keys(LANGUAGES) as ReadonlyArray<Language>).map((code) => {
    const search = new URLSearchParams({ ...query, lang: code }).toString();
    const name = LANGUAGES[code].name;
    return html`<li><a href="${path}?${search}" lang="${code}" hreflang="${code}"${attributes({
      "aria-current": code === language && "true",
    })}>${name}</a></li>`;
  });
  return html`<footer><nav aria-label="${texts.frame.languages}"><ul class="languages">${items}
  </ul></nav></footer>`;
}
