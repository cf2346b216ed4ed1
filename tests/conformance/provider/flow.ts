import * as openid from "openid-client";
import { vi } from "vitest";
import { awayOf, Browser, type Landed } from "../../api/openid/browser.ts";
import { configOf } from "../../api/openid/flow.ts";
import { CALLBACK } from "../../api/openid-world.ts";
import type { Client, Op } from "./op.ts";

export type Params = Readonly<Record<string, string>>;

/** A request of the code flow, as openid-client makes it, and what it checks of the answer. */
export async function ask(op: Op, client: Client, params: Params = {}) {
  const config = await configOf(op, client);
  const [state, nonce] = [openid.randomState(), openid.randomNonce()];
  const asked = { redirect_uri: CALLBACK, scope: "openid", state, nonce, ...params };
  const known = Object.entries(asked).filter(([, value]) => value !== "");
  const url = openid.buildAuthorizationUrl(config, Object.fromEntries(known));
  const checks: openid.AuthorizationCodeGrantChecks = {
    expectedState: state,
    ...(asked.nonce === "" ? {} : { expectedNonce: asked.nonce }),
    ...(params["max_age"] === undefined ? {} : { maxAge: Number(params["max_age"]) }),
  };
  return { config, url, checks };
}

type Going = { readonly browser: Browser; readonly landed: Landed };

/** Does what pages ask until the browser leaves; where to, and whether it asked for a sign-in. */
export async function answered(op: Op, { browser, landed }: Going) {
  let at = landed;
  let signedIn = false;
  for (let step = 0; step < 4 && "page" in at; step++) {
    const { page } = at;
    if (page.status >= 400) break;
    signedIn ||= op.asksForLogin(page);
    at = await op.answer(browser, page, op.account);
  }
  return { back: awayOf(at), signedIn };
}

type Flow = { readonly client?: Client; readonly browser?: Browser; readonly params?: Params };

/** A whole flow, from the request to tokens that openid-client accepts. */
export async function flow(op: Op, given: Flow = {}) {
  const client = given.client ?? (await op.client());
  const browser = given.browser ?? new Browser(op.url);
  const { config, url, checks } = await ask(op, client, given.params);
  const { back, signedIn } = await answered(op, { browser, landed: await browser.open(url) });
  const tokens = await openid.authorizationCodeGrant(config, back, checks);
  const claims = tokens.claims();
  if (claims === undefined) throw new Error("no ID token");
  return { client, browser, config, back, signedIn, tokens, claims };
}

/** A flow up to the code, and what redeems it. */
export async function codeOf(op: Op, client: Client, params: Params = {}) {
  const browser = new Browser(op.url);
  const { url } = await ask(op, client, params);
  const { back } = await answered(op, { browser, landed: await browser.open(url) });
  const code = back.searchParams.get("code") ?? "";
  return { grant_type: "authorization_code", code, redirect_uri: CALLBACK };
}

/** What discovery says. */
export async function metadataOf({ url }: Op): Promise<openid.ServerMetadata> {
  return (await fetch(`${url}/.well-known/openid-configuration`)).json();
}

/** What somebody is told of who it is that a token is for. */
export async function userinfo(op: Op, token: string, how: "GET" | "header" | "body" = "GET") {
  const response = await fetch(`${op.url}/oauth2/userinfo`, {
    method: how === "GET" ? "GET" : "POST",
    headers: how === "body" ? {} : { authorization: `Bearer ${token}` },
    ...(how === "body" ? { body: new URLSearchParams({ access_token: token }) } : {}),
  });
  const text = await response.text();
  const { status, headers } = response;
  return { status, headers, json: text === "" ? undefined : JSON.parse(text) };
}

/** Does something so many seconds from now: the date is set forward, and nothing waits. */
export async function later<A>(seconds: number, does: () => Promise<A>): Promise<A> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1000 });
  try {
    return await does();
  } finally {
    vi.useRealTimers();
  }
}
