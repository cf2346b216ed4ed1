import * as openid from "openid-client";
import { type App, CALLBACK, type OpenidWorld } from "../openid-world.ts";
import { PASSWORD } from "../world.ts";
import { awayOf, Browser, type Landed, pageOf } from "./browser.ts";

export type Person = { readonly id: string; readonly cookie: string; readonly email: string };
type Params = Readonly<Record<string, string>>;

/** What the client of a flow knows; openid-client checks everything that it gets with it. */
export type Begun = {
  readonly config: openid.Configuration;
  readonly url: URL;
  readonly checks: openid.AuthorizationCodeGrantChecks & { readonly pkceCodeVerifier: string };
};

/** The metadata of this server, as a client of it discovers it. */
export async function configOf(
  { url }: Pick<OpenidWorld, "url">,
  { clientId, clientSecret }: App,
  auth?: openid.ClientAuth,
): Promise<openid.Configuration> {
  const secret = clientSecret === "" ? undefined : clientSecret;
  const how = auth ?? (secret === undefined ? openid.None() : undefined);
  return openid.discovery(new URL(url), clientId, secret, how, {
    execute: [openid.allowInsecureRequests],
  });
}

/** Begins a code flow with PKCE, state and nonce. */
export async function begin(config: openid.Configuration, params: Params = {}): Promise<Begun> {
  const verifier = openid.randomPKCECodeVerifier();
  const [state, nonce] = [openid.randomState(), openid.randomNonce()];
  const scope = params["scope"] ?? "openid";
  const isOpenid = scope.split(" ").includes("openid");
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    ...(isOpenid ? { nonce } : {}),
    ...params,
  });
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: state,
    ...(isOpenid ? { expectedNonce: nonce } : {}),
  };
  return { config, url, checks };
}

/** Does what is asked of somebody, sign-in and consent, until the browser leaves. */
export async function throughPages(
  browser: Browser,
  landed: Landed,
  who?: { readonly email: string },
): Promise<URL> {
  let at = landed;
  for (let step = 0; step < 5 && "page" in at; step++) {
    const page = pageOf(at);
    const path = new URL(page.url).pathname;
    if (path === "/sign-in" && who !== undefined && page.html.includes('value="password"')) {
      const typed = { form: "password", identifier: who.email, password: PASSWORD };
      at = await browser.submit(page, typed);
    } else if (path === "/sign-in") {
      at = await browser.submit(page, { form: "again", password: PASSWORD });
    } else if (path === "/consent") {
      at = await browser.submit(page, { form: "allow" });
    } else break;
  }
  return awayOf(at);
}

type Asked = {
  readonly person?: Person;
  readonly browser?: Browser;
  readonly [parameter: string]: unknown;
};

/** A whole flow of somebody who is signed in already; answers what the client got. */
export async function tokensOf(w: OpenidWorld, app: App, { person, browser, ...params }: Asked) {
  const config = await configOf(w, app);
  const begun = await begin(config, params as Params);
  const by = browser ?? new Browser(w.url, person?.cookie);
  const back = await throughPages(by, await by.open(begun.url));
  const tokens = await openid.authorizationCodeGrant(config, back, begun.checks);
  return { config, begun, back, tokens };
}

/** The code of a callback, and what redeems it, as the wire has it. */
export async function codeOf(
  w: OpenidWorld,
  app: App,
  { person, ...params }: Asked & { readonly person: Person },
) {
  const begun = await begin(await configOf(w, app), params as Params);
  const browser = new Browser(w.url, person.cookie);
  const back = await throughPages(browser, await browser.open(begun.url));
  return {
    grant_type: "authorization_code",
    code: back.searchParams.get("code") ?? "",
    redirect_uri: CALLBACK,
    code_verifier: begun.checks.pkceCodeVerifier,
  };
}

export type Answered = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
};

type Sent = {
  readonly app?: App;
  readonly headers?: Params;
  readonly [parameter: string]: unknown;
};

/** One POST to a protocol endpoint, by HTTP Basic where the app has a secret. */
export async function post(
  { url }: Pick<OpenidWorld, "url">,
  path: string,
  { app, headers = {}, ...body }: Sent,
): Promise<Answered> {
  const form = new URLSearchParams(body as Record<string, string>);
  const basic = app !== undefined && app.clientSecret !== "";
  if (app !== undefined && !basic) form.set("client_id", app.clientId);
  const response = await fetch(new URL(path, url), {
    method: "POST",
    redirect: "manual",
    headers: { ...(basic ? { authorization: basicOf(app) } : {}), ...headers },
    body: form,
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return {
    status: response.status,
    headers: response.headers,
    json: isJson ? JSON.parse(text) : text,
  };
}

/** RFC 6749, section 2.3.1. */
export function basicOf({ clientId, clientSecret }: App): string {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

/** The first 200 events of a type in activity, oldest first, as an architect reads them. */
export async function activityOf({ ask, owner }: OpenidWorld, type: string) {
  const heard = await ask("GET", `/v1/ledger/events?ledger=activity&type=${type}&limit=200`, {
    cookie: owner.cookie,
  });
  return heard.json.items as ReadonlyArray<{
    readonly data: Readonly<Record<string, unknown>>;
    readonly stream: string;
    readonly actor: string;
  }>;
}
