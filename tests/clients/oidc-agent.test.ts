import { expect, onTestFinished, test } from "vitest";
import { memoryServices } from "../api/memory-services.ts";
import { Browser } from "../api/openid/browser.ts";
import { throughPages } from "../api/openid/flow.ts";
import { type OpenidWorld, openidWorld } from "../api/openid-world.ts";
import { eventually } from "../support/faults-eventually.ts";
import { freePort } from "../support/nginx.ts";
import { onOidcAgent, startOidcAgent } from "../support/oidc-agent.ts";

type Known = { readonly w: OpenidWorld; readonly redirect: string };
const HOUR_MS = 60 * 60 * 1000;

/** It sends HTTP Basic with an empty secret where it has none, so it gets one. */
async function byAnArchitect({ w, redirect }: Known) {
  const { clientId, clientSecret } = await w.web({ redirectUris: [redirect] });
  return [`--client-id=${clientId}`, `--client-secret=${clientSecret}`];
}

async function byItself({ w }: Known) {
  const { cookie } = w.owner;
  const body = { uses: 1, expiresAt: new Date(Date.now() + HOUR_MS).toISOString() };
  const { json } = await w.ask("POST", "/v1/registration-tokens", { cookie, body });
  return [`--at=${json.token}`];
}

test.each([
  ["an architect registers it", byAnArchitect],
  ["it registers itself", byItself],
])("oidc-agent gets tokens for the shell, and new ones: %s", onOidcAgent, async (_, register) => {
  const w = await openidWorld(memoryServices);
  onTestFinished(w.close);
  const redirect = `http://localhost:${await freePort()}`;
  const ada = await w.person("ada");
  const run = await startOidcAgent();
  const generating = run(
    "oidc-gen",
    ["ada", `--iss=${w.url}`, `--redirect-uri=${redirect}`, ...(await register({ w, redirect }))],
    ["--scope=openid offline_access", "--flow=code", "--no-url-call", "--no-scheme"],
    ["--prompt=none", "--pw-cmd=echo a-password", "--confirm-yes"],
  );
  const url = await eventually("oidc-gen shows where to go", () => {
    if (!generating.alive()) throw new Error(generating.written());
    return /http:\/\/localhost:\d+\/oauth2\/authorize\S+(?=\s)/.exec(generating.written())?.[0];
  });
  const browser = new Browser(w.url, ada.cookie);
  const answer = await fetch(await throughPages(browser, await browser.open(url)));
  expect(await answer.text()).toContain("<h3>Success</h3>");
  expect(await generating.ended, generating.written()).toBe(0);

  const tokenOf = async (...options: ReadonlyArray<string>) => {
    const asking = run("oidc-token", ["ada", ...options]);
    expect(await asking.ended, asking.written()).toBe(0);
    return asking.written().trim();
  };
  const token = await tokenOf();
  const told = await fetch(`${w.url}/oauth2/userinfo`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await told.json()).toMatchObject({ sub: ada.id });
  expect(await tokenOf()).toBe(token);
  const fresh = await tokenOf("--force-new");
  expect(fresh).not.toBe(token);
  const again = await fetch(`${w.url}/oauth2/userinfo`, {
    headers: { authorization: `Bearer ${fresh}` },
  });
  expect(again.status).toBe(200);
});
