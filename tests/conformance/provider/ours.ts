import { expect } from "vitest";
import { memoryServices } from "../../api/memory-services.ts";
import type { Browser, Loaded } from "../../api/openid/browser.ts";
import { openidWorld } from "../../api/openid-world.ts";
import { PASSWORD } from "../../api/world.ts";
import { unproved, verify } from "../../support/mailed-links.ts";
import type { Account, Metadata, Op } from "./op.ts";

/** Authledger over the memory store. */
export async function ours(): Promise<Op> {
  const w = await openidWorld(memoryServices);
  const ada = await unproved(w, "ada");
  const proved = await verify(w, ada.token, { cookie: ada.cookie });
  const cookie = proved.cookie ?? ada.cookie;
  const body = { name: "Ada", phone: "+44 20 7946 0000", address: "12 St James's Square, London" };
  expect((await w.ask("PATCH", "/v1/me", { cookie, body })).status).toBe(200);
  return {
    name: "authledger",
    url: w.url,
    client: (metadata = {}) => w.web(namesOf(metadata)),
    account: { login: ada.email, sub: ada.id },
    answer,
    asksForLogin: ({ url }) => new URL(url).pathname === "/sign-in",
    close: w.close,
  };
}

/** By the names that our own API has for them. */
const namesOf = (metadata: Metadata) =>
  Object.fromEntries(Object.entries(metadata).map(([name, value]) => [camel(name), value]));

const camel = (name: string) => name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase());

function answer(browser: Browser, page: Loaded, { login }: Account) {
  if (new URL(page.url).pathname === "/consent") return browser.submit(page, { form: "allow" });
  if (!page.html.includes('value="password"')) {
    return browser.submit(page, { form: "again", password: PASSWORD });
  }
  return browser.submit(page, { form: "password", identifier: login, password: PASSWORD });
}
