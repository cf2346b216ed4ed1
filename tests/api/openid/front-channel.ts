import { expect, test } from "vitest";
import { CALLBACK, type OpenidWorld } from "../openid-world.ts";
import { Browser, pageOf } from "./browser.ts";
import { begin, configOf } from "./flow.ts";

/** What a browser brings, and how. */
export function frontChannelTests(here: () => OpenidWorld) {
  test("a request that comes as a form goes on as an address and brings the cookie", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    const { url } = await begin(await configOf(w, app));
    const address = `${w.url}/oauth2/authorize`;
    const browser = new Browser(w.url, ada.cookie);
    const page = pageOf(await browser.post(address, url.searchParams));
    expect(new URL(page.url).pathname).toBe("/consent");
    const form = { method: "POST", redirect: "manual", body: url.searchParams } as const;
    const first = await fetch(address, form);
    expect(first.status).toBe(303);
    expect(first.headers.get("location")).toBe(`/oauth2/authorize?${url.searchParams}`);
    const text = { "content-type": "text/plain" };
    const other = await fetch(address, { method: "POST", headers: text, body: "a=b" });
    expect(other.status).toBe(415);
    const long = new URLSearchParams({ state: "s".repeat(9000) });
    expect((await fetch(address, { method: "POST", body: long })).status).toBe(413);
  });

  test("a request that does not say where its answer goes gets a page", async () => {
    const w = here();
    for (const redirectUris of [[CALLBACK, `${CALLBACK}/more`], ["http://localhost:1234/"]]) {
      const begun = await begin(await configOf(w, await w.web({ redirectUris })));
      begun.url.searchParams.delete("redirect_uri");
      expect(pageOf(await new Browser(w.url).open(begun.url)).status).toBe(400);
    }
  });
}
