import * as openid from "openid-client";
import { expect, test } from "vitest";
import type { OpenidWorld } from "../openid-world.ts";
import { Browser, pageOf } from "./browser.ts";
import { configOf, post } from "./flow.ts";

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

export function deviceTests(here: () => OpenidWorld) {
  const television = () =>
    here().app({
      type: "native",
      name: "Television",
      grantTypes: [DEVICE_GRANT],
      redirectUris: [],
    });

  test("a device is connected by the code that it shows, and by nothing before", async () => {
    const w = here();
    const app = await television();
    const config = await configOf(w, app);
    const device = await openid.initiateDeviceAuthorization(config, { scope: "openid" });
    expect(device.user_code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    expect(device.verification_uri).toBe(`${w.url}/device`);
    const poll = {
      client_id: app.clientId,
      grant_type: DEVICE_GRANT,
      device_code: device.device_code,
    };
    const early = await post(w, "/oauth2/token", poll);
    expect(early.json.error).toBe("authorization_pending");
    const ada = await w.person("ada");
    const browser = new Browser(w.url, ada.cookie);
    const page = pageOf(await browser.open(device.verification_uri));
    expect(page.html).toContain("Connect a device");
    const wrong = pageOf(await browser.submit(page, { user_code: "AAAA-AAAA" }));
    expect(wrong.html).toContain("wrong, used up or too old");
    const confirm = pageOf(await browser.submit(wrong, { user_code: device.user_code }));
    expect(confirm.html).toContain("Connect <bdi>Television</bdi>?");
    expect(confirm.html).toContain(device.user_code);
    const consent = pageOf(await browser.submit(confirm, { confirm: "yes" }));
    expect(new URL(consent.url).pathname).toBe("/consent");
    const done = pageOf(await browser.submit(consent, { form: "allow" }));
    expect(done.html).toContain("Your device is connected");
    const tokens = await openid.pollDeviceAuthorizationGrant(config, { ...device, interval: 0.01 });
    expect(tokens.claims()?.sub).toBe(ada.id);
    const again = await post(w, "/oauth2/token", poll);
    expect(again).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
    const asked = { client_id: app.clientId, token: tokens.access_token };
    expect((await post(w, "/oauth2/introspect", asked)).json).toEqual({ active: false });
    const used = pageOf(await browser.open(`${device.verification_uri}`));
    const spent = pageOf(await browser.submit(used, { user_code: device.user_code }));
    expect(spent.html).toContain("wrong, used up or too old");
  });

  test("whoever cancels connects nothing, and the device hears it", async () => {
    const w = here();
    const app = await television();
    const config = await configOf(w, app);
    const device = await openid.initiateDeviceAuthorization(config, { scope: "openid" });
    const browser = new Browser(w.url, (await w.person("ada")).cookie);
    const page = pageOf(await browser.open(device.verification_uri));
    const confirm = pageOf(await browser.submit(page, { user_code: device.user_code }));
    const { url, html } = pageOf(await browser.submit(confirm, { abort: "yes" }));
    expect(new URL(url).pathname).toBe("/device");
    expect(html).toContain("was not connected");
    const heard = await post(w, "/oauth2/token", {
      client_id: app.clientId,
      grant_type: DEVICE_GRANT,
      device_code: device.device_code,
    });
    expect(heard.json.error).toBe("access_denied");
  });

  test("a stranger signs in on the way, and goes on to where the code leads", async () => {
    const w = here();
    const app = await television();
    const config = await configOf(w, app);
    const device = await openid.initiateDeviceAuthorization(config, { scope: "openid" });
    const ada = await w.person("ada");
    const browser = new Browser(w.url);
    const page = pageOf(await browser.open(device.verification_uri));
    const confirm = pageOf(await browser.submit(page, { user_code: device.user_code }));
    const signIn = pageOf(await browser.submit(confirm, { confirm: "yes" }));
    expect(new URL(signIn.url).pathname).toBe("/sign-in");
    const consent = pageOf(
      await browser.submit(signIn, {
        form: "password",
        identifier: ada.email,
        password: "correct horse battery",
      }),
    );
    const done = pageOf(await browser.submit(consent, { form: "allow" }));
    expect(done.html).toContain("Your device is connected");
    const tokens = await openid.pollDeviceAuthorizationGrant(config, { ...device, interval: 0.01 });
    expect(tokens.claims()?.sub).toBe(ada.id);
  });
}
