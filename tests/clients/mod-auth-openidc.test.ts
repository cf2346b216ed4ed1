import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { memoryServices } from "../api/memory-services.ts";
import { pageOf } from "../api/openid/browser.ts";
import { openidWorld } from "../api/openid-world.ts";
import { PASSWORD } from "../api/world.ts";
import { onApache, startApache } from "../support/apache.ts";
import { freePort } from "../support/nginx.ts";
import { across } from "./across.ts";

/** An application that answers what Apache tells it. */
const startApplication = async () => {
  const server = createServer(({ headers }, response) => response.end(JSON.stringify(headers)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
};

test("mod_auth_openidc guards an application, and tells it who is there", onApache, async () => {
  const w = await openidWorld(memoryServices);
  onTestFinished(w.close);
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const { clientId, clientSecret } = await w.web({
    redirectUris: [`${base}/signed-in`],
    postLogoutRedirectUris: [`${base}/goodbye`],
  });
  await startApache(
    port,
    `OIDCProviderMetadataURL ${w.url}/.well-known/openid-configuration
OIDCClientID ${clientId}
OIDCClientSecret ${clientSecret}
OIDCRedirectURI ${base}/signed-in
OIDCCryptoPassphrase a-passphrase-of-this-test
OIDCScope "openid profile"
OIDCPKCEMethod S256
OIDCRemoteUserClaim sub
OIDCPassClaimsAs headers
# Fetch says that it is no navigation (Sec-Fetch-Mode), whatever it is told.
OIDCUnAuthAction auth true
ProxyPass /signed-in !
ProxyPass / http://127.0.0.1:${await startApplication()}/
<Location "/orders">
  AuthType openid-connect
  Require valid-user
</Location>
<Location "/signed-in">
  AuthType openid-connect
  Require valid-user
</Location>`,
  );
  const ada = await w.person("ada");
  const browser = across(w.url, base);
  const signIn = pageOf(await browser.open(`${base}/orders`));
  expect(new URL(signIn.url).pathname).toBe("/sign-in");
  const typed = { form: "password", identifier: ada.email, password: PASSWORD };
  const consent = pageOf(await browser.submit(signIn, typed));
  const { url, status, html } = pageOf(await browser.submit(consent, { form: "allow" }));
  expect({ url, status }, html).toEqual({ url: `${base}/orders`, status: 200 });
  expect(JSON.parse(html)).toMatchObject({ oidc_claim_sub: ada.id, oidc_claim_iss: w.url });

  const wish = `${base}/signed-in?logout=${encodeURIComponent(`${base}/goodbye`)}`;
  const question = pageOf(await browser.open(wish));
  expect(question.html).toContain("Sign out?");
  const done = pageOf(await browser.submit(question, { logout: "yes" }));
  expect(done.url).toBe(`${base}/goodbye`);
  const again = pageOf(await browser.open(`${base}/orders`));
  expect(new URL(again.url).pathname).toBe("/sign-in");
});
