import * as openid from "openid-client";
import { expect, test } from "vitest";
import { type Script, scriptedIssuer } from "../../support/scripted-issuer.ts";
import type { OpenidWorld } from "../openid-world.ts";
import { awayOf, Browser, pageOf } from "./browser.ts";
import { begin, configOf, throughPages } from "./flow.ts";

/** Somebody whom an application sends here, and who comes in from elsewhere. */
export function externalDoorTests(here: () => OpenidWorld) {
  test("a sign-in that an application waits for goes on after a trip to a provider", async () => {
    const w = here();
    const issuer = await scriptedIssuer();
    const opened = await w.ask("POST", "/v1/providers", {
      cookie: w.owner.cookie,
      body: {
        id: "elsewhere",
        name: "Elsewhere",
        issuer: issuer.url,
        clientId: issuer.client.id,
        clientSecret: issuer.client.secret,
      },
    });
    expect(opened.status).toBe(201);
    const app = await w.web();
    const begun = await begin(await configOf(w, app), { scope: "openid email" });
    const browser = new Browser(w.url);
    const door = pageOf(await browser.open(begun.url));
    const href = /href="([^"]*\/v1\/providers\/elsewhere\/start[^"]*)"/.exec(door.html)?.[1] ?? "";
    const out = awayOf(await browser.open(new URL(href.replaceAll("&amp;", "&"), w.url)));
    expect(out.origin).toBe(issuer.url);
    const email = `openid-${crypto.randomUUID()}@example.org`;
    const said: Script = { sub: "ada", claims: { email, email_verified: true, name: "Ada" } };
    const callback = `${w.url}/v1/providers/elsewhere/callback?${issuer.back(out, said)}`;
    const back = await throughPages(browser, await browser.open(callback));
    const tokens = await openid.authorizationCodeGrant(begun.config, back, begun.checks);
    const claims = tokens.claims();
    const told = await openid.fetchUserInfo(begun.config, tokens.access_token, String(claims?.sub));
    expect(told).toMatchObject({ email, email_verified: true });
    await issuer.close();
  });
}
