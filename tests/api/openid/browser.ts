/** A page as the browser got it: its address, its status and its markup. */
export type Loaded = { readonly url: string; readonly status: number; readonly html: string };
/** Where a browser ended: at a page, or at an address of another origin. */
export type Landed = { readonly page: Loaded } | { readonly away: URL };

/** One answer on the way, pages and redirects alike. */
export type Heard = {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
};

type Kept = { readonly value: string; readonly path: string };

/** Redirects in a row at most. */
const HOPS_MAX = 20;

/**
 * A browser as far as the protocol sees one: cookies with their paths, redirects and refreshes,
 * forms. It stops where an address leads to another origin.
 */
export class Browser {
  readonly #origin: string;
  readonly #fetch: typeof fetch;
  /** Every cookie that was set, as the answers had it. */
  readonly set: Array<string> = [];
  readonly #cookies = new Map<string, Kept>();
  /** Everything that our server answered it. */
  readonly heard: Array<Heard> = [];

  constructor(origin: string, cookie?: string, asks: typeof fetch = fetch) {
    this.#origin = origin;
    this.#fetch = asks;
    for (const pair of (cookie ?? "").split("; ").filter(Boolean)) {
      const at = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, at), { value: pair.slice(at + 1), path: "/" });
    }
  }

  /** The `Cookie` header for an address of ours. */
  cookiesFor(url: string): string {
    const { pathname } = new URL(url);
    return [...this.#cookies]
      .filter(([, { path }]) => pathname === path || pathname.startsWith(withSlash(path)))
      .map(([name, { value }]) => `${name}=${value}`)
      .join("; ");
  }

  async open(url: string | URL): Promise<Landed> {
    return this.#follow(String(url), undefined);
  }

  /** Sends a form from a page of another origin. */
  async post(url: string, body: URLSearchParams): Promise<Landed> {
    return this.#follow(url, body, "https://app.example.org");
  }

  /** Sends the form of a page that has the name, or the first; `values` are what was typed. */
  async submit(page: Loaded, values: Readonly<Record<string, string>>): Promise<Landed> {
    const forms = [...page.html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)];
    const wanted = values["form"];
    const form =
      forms.find(
        ([, , inner = ""]) => wanted === undefined || inner.includes(`value="${wanted}"`),
      ) ?? forms[0];
    if (form === undefined) throw new Error(`no form on ${page.url}`);
    const [, attributes = "", inner = ""] = form;
    const hidden = [...inner.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      attributeOf(input, "name") ?? "",
      attributeOf(input, "value") ?? "",
    ]);
    const body = new URLSearchParams([
      ...hidden.filter(([name = ""]) => !(name in values)),
    ] as never);
    for (const [name, value] of Object.entries(values)) body.set(name, value);
    const action = unescaped(attributeOf(attributes, "action") ?? page.url);
    return this.#follow(new URL(action, page.url).href, body);
  }

  async #follow(
    first: string,
    body: URLSearchParams | undefined,
    origin = this.#origin,
  ): Promise<Landed> {
    let url = first;
    let form = body;
    for (let hop = 0; hop < HOPS_MAX; hop++) {
      if (new URL(url).origin !== this.#origin) return { away: new URL(url) };
      const response = await this.#fetch(url, {
        redirect: "manual",
        method: form === undefined ? "GET" : "POST",
        headers: {
          cookie: this.cookiesFor(url),
          accept: "text/html",
          ...(form === undefined ? {} : { origin }),
        },
        ...(form === undefined ? {} : { body: form }),
      });
      const { status, headers } = response;
      this.heard.push({ method: form === undefined ? "GET" : "POST", url, status, headers });
      form = undefined;
      this.#keep(response.headers.getSetCookie());
      const html = await response.text();
      const location = response.headers.get("location") ?? refreshOf(response.headers);
      if (location === undefined) return { page: { url, status: response.status, html } };
      url = new URL(location, url).href;
    }
    throw new Error(`too many redirects from ${first}`);
  }

  #keep(set: ReadonlyArray<string>): void {
    this.set.push(...set);
    for (const line of set) {
      const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
      const at = pair.indexOf("=");
      const path = attributes.find((one) => /^path=/i.test(one))?.slice("path=".length) ?? "/";
      const isGone = attributes.some((one) => /^max-age=0$|^expires=thu, 01 jan 1970/i.test(one));
      if (isGone) this.#cookies.delete(pair.slice(0, at));
      else this.#cookies.set(pair.slice(0, at), { value: pair.slice(at + 1), path });
    }
  }
}

/** The page of who landed on one. */
export function pageOf(landed: Landed): Loaded {
  if ("page" in landed) return landed.page;
  throw new Error(`expected a page, went to ${landed.away}`);
}

/** Where somebody landed who left. */
export function awayOf(landed: Landed): URL {
  if ("away" in landed) return landed.away;
  const { url, status, html } = landed.page;
  throw new Error(`expected to leave, stopped with ${status} at ${url}: ${html.slice(-1500)}`);
}

function refreshOf(headers: Headers): string | undefined {
  return headers.get("refresh")?.match(/^0;url=(.+)$/)?.[1];
}

function attributeOf(markup: string, name: string): string | undefined {
  return markup.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1];
}

function unescaped(text: string): string {
  return text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}

function withSlash(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}
