import * as Effect from "effect/Effect";
import { spoken } from "../http/accept-language.ts";
import type { Kernel } from "../http/answer-request.ts";
import { readOwnCookie } from "../http/cookies.ts";
import { queryOf } from "../http/input.ts";
import type { Origins } from "../http/origins.ts";
import { Problem } from "../http/problem.ts";
import { redirectTarget } from "../http/redirect-to.ts";
import { architectsNow } from "../users/standing.ts";
import { asker, type Browser } from "./ask.ts";
import type { Assets } from "./assets.ts";
import type { Brand } from "./brand.ts";
import { chooseLanguage, textsOf } from "./language.ts";
import type { Person, Visit } from "./visit.ts";

/** What all pages of a server share. */
export type Pages = {
  readonly kernel: Kernel;
  readonly origins: Origins;
  readonly brand: Brand;
  readonly assets: Assets;
  /** Once there is an architect there always is one, so it is asked for until then. */
  readonly isSetUp: () => Promise<boolean>;
};

/** A visit, and the cookies it came with. */
export type Opened = { readonly visit: Visit; readonly cookie: string | null };

const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

type Opening = {
  readonly browser: Browser;
  readonly params: Readonly<Record<string, string>>;
  /** As the table of pages has it. */
  readonly path: string;
};

/**
 * Finds out who looks, in which language and what the address asks for; changes nothing.
 *
 * Errors: throws the problem of the session's look-up, and of a query that repeats a name.
 */
export async function openVisit(pages: Pages, opening: Opening): Promise<Opened> {
  const { kernel, origins, brand } = pages;
  const { browser, params, path } = opening;
  const { settings } = kernel;
  const { headers } = browser.request;
  const url = new URL(browser.request.url);
  const query = queryOf(url);
  const cookie = headers.get("cookie");
  const ask = asker(kernel, browser, cookie);
  const person = await personOf(ask, cookie);
  const locale = typeof person?.user.locale === "string" ? person.user.locale : undefined;
  const chosen = spoken(query["lang"]);
  const language = chooseLanguage(chosen, locale, headers.get("accept-language"));
  const visit: Visit = {
    settings,
    brand,
    path: path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => params[name] ?? ""),
    params,
    query,
    language,
    texts: textsOf(language),
    person,
    failed: undefined,
    keptAside: readOwnCookie(settings, cookie) !== undefined,
    isNew: !(await pages.isSetUp()),
    elsewhere: !settings.publicMode && !LOCAL_HOSTS.includes(url.hostname),
    redirectTo: redirectTarget(query["redirectTo"], { origins, url: settings.url }),
    ask,
    href: (to, more = {}) => withQuery(to, { ...more, lang: chosen }),
  };
  return { visit, cookie };
}

/** Nobody is looked up for a visitor without a cookie of ours. */
async function personOf(ask: Visit["ask"], cookie: string | null) {
  if (cookie?.includes("authledger_session=") !== true) return undefined;
  const told = await ask<Person>("GET /v1/session");
  if (told.ok) return told.body;
  if (told.problem.status === 401) return undefined;
  throw new Problem(told.problem);
}

function withQuery(to: string, query: Readonly<Record<string, string | undefined>>): string {
  const [path = "", hash] = to.split("#");
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(given as Array<[string, string]>).toString();
  const joined = search === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${search}`;
  return hash === undefined ? joined : `${joined}#${hash}`;
}

/** Asks whether there is an architect, until there is one. */
export function setUpWatch(kernel: Kernel): () => Promise<boolean> {
  let known = false;
  return async () => {
    if (known) return true;
    const found = await Effect.runPromiseWith(kernel.services)(architectsNow).catch(
      () => undefined,
    );
    // Who cannot be asked is not taken for nobody: the page then says what is wrong by itself.
    if (found === undefined) return true;
    known = found.size > 0;
    return known;
  };
}
