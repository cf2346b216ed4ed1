import { awayOf, type Browser, type Landed, pageOf } from "../../api/openid/browser.ts";
import { ask, flow, type Params } from "./flow.ts";
import type { Client, Op } from "./op.ts";

/** Where the client of these modules has people sent that signed out. */
export const AFTER = "https://app.example.org/goodbye";

/** Somebody who signed in to a client that has an address for afterwards. */
export async function signedIn(op: Op) {
  const client = await op.client({ post_logout_redirect_uris: [AFTER] });
  const { browser, tokens, claims } = await flow(op, { client });
  const hint = tokens.id_token ?? "";
  const wish = (params: Params) =>
    browser.open(`${op.url}/oauth2/logout?${new URLSearchParams(params)}`);
  return { client, browser, claims, hint, wish, isOut: () => isOut(op, client, browser) };
}

/** Says yes where it is asked whether to sign out. */
export const confirm = (browser: Browser, landed: Landed) =>
  browser.submit(pageOf(landed), { logout: "yes" });

async function isOut(op: Op, client: Client, browser: Browser): Promise<boolean> {
  const { url } = await ask(op, client, { prompt: "none" });
  return awayOf(await browser.open(url)).searchParams.get("error") === "login_required";
}
