import { expect, onTestFinished, test } from "vitest";
import { memoryServices } from "../api/memory-services.ts";
import { Browser } from "../api/openid/browser.ts";
import { post, throughPages } from "../api/openid/flow.ts";
import { openidWorld } from "../api/openid-world.ts";
import { eventually } from "../support/faults-eventually.ts";
import { freePort } from "../support/nginx.ts";
import { onOidcAgent, startOidcAgent } from "../support/oidc-agent.ts";

test("oidc-agent gets tokens for the shell, and new ones by refresh", onOidcAgent, async () => {
  const w = await openidWorld(memoryServices);
  onTestFinished(w.close);
  const redirect = `http://localhost:${await freePort()}`;
  // It sends HTTP Basic with an empty secret where it has none, so it gets one.
  const app = await w.web({ redirectUris: [redirect] });
  const ada = await w.person("ada");
  const run = await startOidcAgent();
  const generating = run(
    "oidc-gen",
    ["ada", `--iss=${w.url}`, `--client-id=${app.clientId}`],
    [`--client-secret=${app.clientSecret}`, `--redirect-uri=${redirect}`],
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
  const asked = await post(w, "/oauth2/introspect", { app, token: fresh });
  expect(asked.json).toMatchObject({ active: true, sub: ada.id });
});
