import { spoken } from "../http/accept-language.ts";
import { answerRequest, type Kernel, type Peer } from "../http/answer-request.ts";
import type { ProblemFields } from "../http/problem.ts";
import { Problem } from "../http/problem.ts";
import type { Method } from "../http/route.ts";
import { routes } from "../routes.ts";

/** A route as the documentation writes it: `POST /v1/sign-in`. */
export type RouteName = `${Method} /${string}`;

export type Asked = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Names one sending of a form: sent again, it does nothing again and is answered alike. */
  readonly once?: string | undefined;
};

/** What a route of the API answered to a page. */
export type Told<T> =
  | {
      readonly ok: true;
      readonly body: T;
      readonly cookies: ReadonlyArray<string>;
      /** Of identity, after a write. */
      readonly position: number | undefined;
    }
  | { readonly ok: false; readonly problem: ProblemFields };

/** The request of the browser that the page answers. */
export type Browser = {
  readonly request: Request;
  readonly requestId: string;
  readonly peer: Peer;
  readonly checkOrigin: (usesCookie: boolean) => void;
};

/** What a page may ask: any route of the API, as the person who is looking at it. */
export type Ask = <T>(name: RouteName, asked?: Asked) => Promise<Told<T>>;

const table = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));

/** Of a browser's headers those that a route looks at. */
const PASSED = [
  "cookie",
  "origin",
  "sec-fetch-site",
  "user-agent",
  "x-forwarded-for",
  "accept-language",
];

/**
 * Asks routes in the name of the browser: the kernel authenticates, gates, throttles, parses and
 * answers as if the request had come from outside, so every rule stands in one place.
 */
export function asker(kernel: Kernel, browser: Browser, cookie: string | null): Ask {
  const { request, requestId, peer, checkOrigin } = browser;
  return async <T>(name: RouteName, asked: Asked = {}) => {
    const { params = {}, query = {}, body, once } = asked;
    const route = table.get(name);
    if (route === undefined) throw new Problem({ status: 404, code: "not_found" });
    const headers = new Headers();
    for (const passed of PASSED) {
      const value = passed === "cookie" ? cookie : request.headers.get(passed);
      if (value !== null) headers.set(passed, value);
    }
    // Mails that follow are in the language that the page was chosen in.
    const chosen = spoken(new URL(request.url).searchParams.get("lang") ?? undefined);
    if (chosen !== undefined) headers.set("accept-language", chosen);
    const path = route.path.replaceAll(/:([A-Za-z]+)/g, (_, param: string) =>
      encodeURIComponent(params[param] ?? ""),
    );
    const url = new URL(path, kernel.settings.url);
    for (const [member, value] of Object.entries(query)) {
      if (value !== undefined && value !== "") url.searchParams.set(member, value);
    }
    if (body !== undefined) headers.set("content-type", "application/json");
    if (once !== undefined) headers.set("idempotency-key", once);
    const inner = new Request(url, {
      method: route.method,
      headers,
      signal: request.signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const incoming = { request: inner, params, requestId, peer, checkOrigin };
    return toldOf<T>(await answerRequest(kernel, route, incoming));
  };
}

async function toldOf<T>(response: Response): Promise<Told<T>> {
  const text = await response.text();
  const body = text === "" ? undefined : JSON.parse(text);
  if (response.status >= 400) {
    const { status, code, field, requires } = body as ProblemFields;
    const retryAfter = response.headers.get("retry-after");
    return {
      ok: false,
      problem: {
        status,
        code,
        ...(field === undefined ? {} : { field }),
        ...(requires === undefined ? {} : { requires }),
        ...(retryAfter === null ? {} : { retryAfterMs: Number(retryAfter) * 1000 }),
      },
    };
  }
  const position = response.headers.get("ledger-position");
  return {
    ok: true,
    body: body as T,
    cookies: response.headers.getSetCookie(),
    position: position === null ? undefined : Number(position),
  };
}
