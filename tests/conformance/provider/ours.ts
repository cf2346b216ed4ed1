import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import { expect } from "vitest";
import { runLogouts } from "../../../api/oidc/run-logouts.ts";
import { memoryServices } from "../../api/memory-services.ts";
import { type Browser, type Loaded, pageOf } from "../../api/openid/browser.ts";
import { openidWorld } from "../../api/openid-world.ts";
import { PASSWORD } from "../../api/world.ts";
import { unproved, verify } from "../../support/mailed-links.ts";
import { secureServer } from "../../support/secure-server.ts";
import type { Account, Metadata, Op } from "./op.ts";
import { sendRegistration } from "./registration.ts";

const HOUR_MS = 60 * 60 * 1000;
/** Longer than telling a client takes. */
const LEASE_MS = 30_000;

/** Authledger over the memory store. */
export async function ours(): Promise<Op> {
  const w = await openidWorld(memoryServices);
  const ada = await unproved(w, "ada");
  const proved = await verify(w, ada.token, { cookie: ada.cookie });
  const cookie = proved.cookie ?? ada.cookie;
  const published = new Map<string, object>();
  const theirs = await secureServer(({ url = "" }, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(published.get(url) ?? {}));
  });
  /** By the names that our own API has; keys are published at an address. */
  const namesOf = ({ jwks, ...metadata }: Metadata) => {
    const path = `/${crypto.randomUUID()}`;
    if (jwks !== undefined) published.set(path, jwks);
    const members = Object.entries(metadata).map(([name, value]) => [camel(name), value]);
    const address = jwks === undefined ? [] : [["jwksUri", `${theirs.url}${path}`]];
    return Object.fromEntries([...members, ...address]);
  };
  const logouts = runLogouts({ issuer: w.url, retryMs: [10], leaseMs: LEASE_MS, pollMs: 50 });
  const forever = Effect.scoped(Effect.andThen(logouts, Effect.never));
  const telling = Effect.runFork(Effect.provideContext(forever, w.services));
  const body = { name: "Ada", phone: "+44 20 7946 0000", address: "12 St James's Square, London" };
  expect((await w.ask("PATCH", "/v1/me", { cookie, body })).status).toBe(200);
  return {
    name: "authledger",
    url: w.url,
    client: (metadata = {}) => w.web(namesOf(metadata)),
    register: async (metadata) => {
      const body = { uses: 1, expiresAt: new Date(Date.now() + HOUR_MS).toISOString() };
      const cookie = w.owner.cookie;
      const issued = await w.ask("POST", "/v1/registration-tokens", { cookie, body });
      return sendRegistration(w.url, metadata, issued.json.token);
    },
    account: { login: ada.email, sub: ada.id },
    answer,
    refuse: async (browser, page, account) => {
      const isConsent = new URL(page.url).pathname === "/consent";
      const consent = isConsent ? page : pageOf(await answer(browser, page, account));
      return browser.submit(consent, { form: "deny" });
    },
    asksForLogin: ({ url }) => new URL(url).pathname === "/sign-in",
    close: async () => {
      await Effect.runPromise(Fiber.interrupt(telling));
      await theirs.close();
      await w.close();
    },
  };
}

const camel = (name: string) => name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase());

function answer(browser: Browser, page: Loaded, { login }: Account) {
  if (new URL(page.url).pathname === "/consent") return browser.submit(page, { form: "allow" });
  if (!page.html.includes('value="password"')) {
    return browser.submit(page, { form: "again", password: PASSWORD });
  }
  return browser.submit(page, { form: "password", identifier: login, password: PASSWORD });
}
