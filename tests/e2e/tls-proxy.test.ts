import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as openid from "openid-client";
import { expect, test } from "vitest";
import { Browser, pageOf } from "../api/openid/browser.ts";
import { begin } from "../api/openid/flow.ts";
import { CALLBACK } from "../api/openid-world.ts";
import { architectOf, PASSWORD } from "../support/faults-architect.ts";
import { ask } from "../support/faults-client.ts";
import { startServer } from "../support/faults-server.ts";
import { fetchOfSite } from "../support/fetch-of-site.ts";
import { freePort, onTlsNginx, startTlsNginx } from "../support/nginx.ts";
import { selfSigned } from "../support/smtp.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const TIMEOUT_MS = 60_000;
/** Where people find the server; no port of this machine stands in it. */
const URL_OF_SITE = "https://id.example.com";

test("the README shows the nginx configuration that ends TLS here", () => {
  const example = readFileSync(join(root, "ops", "examples", "nginx-tls.conf"), "utf8");
  expect(readFileSync(join(root, "README.md"), "utf8")).toContain(`\`\`\`nginx\n${example}\`\`\``);
});

/** A server that knows itself by a public address, and the proxy at that address. */
async function behindTls() {
  const made = selfSigned();
  if (made === undefined) throw new Error("no certificate");
  const port = await freePort();
  const environment = {
    AUTHLEDGER_URL: URL_OF_SITE,
    AUTHLEDGER_STORE: "memory",
  };
  const data = join(tmpdir(), `authledger-tls-${port}`);
  const { base } = await startServer({ data, environment });
  await startTlsNginx({ port, authledger: Number(new URL(base).port) }, made);
  return { base, fetch: fetchOfSite({ port, ca: made.cert }) };
}

/** A client of the code flow that keeps no secret, over the proxy. */
async function clientOf({ base, fetch }: Awaited<ReturnType<typeof behindTls>>) {
  const { cookie } = await architectOf(base);
  const body = { name: "Shop", type: "spa", redirectUris: [CALLBACK] };
  const registered = await ask(base, "POST /v1/clients", { cookie, body });
  expect(registered.status, JSON.stringify(registered.body)).toBe(201);
  const { clientId } = registered.body as unknown as { clientId: string };
  const options = { [openid.customFetch]: fetch as openid.CustomFetch };
  return openid.discovery(new URL(URL_OF_SITE), clientId, undefined, openid.None(), options);
}

test("behind a proxy that ends TLS everything is at the public address", {
  ...onTlsNginx,
  timeout: TIMEOUT_MS,
}, async () => {
  const site = await behindTls();
  const { base } = site;
  const config = await clientOf(site);
  for (const [name, value] of Object.entries(config.serverMetadata())) {
    if (name.endsWith("_endpoint") || name === "jwks_uri")
      expect(value).toContain(`${URL_OF_SITE}/`);
  }

  const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair("ES256"));
  const begun = await begin(config);
  const browser = new Browser(URL_OF_SITE, undefined, site.fetch);
  const signIn = pageOf(await browser.open(begun.url));
  const typed = { form: "password", identifier: "architect@example.com", password: PASSWORD };
  const consent = pageOf(await browser.submit(signIn, typed));
  const answer = await browser.submit(consent, { form: "allow" });
  if (!("away" in answer)) throw new Error(answer.page.html);
  const { away } = answer;
  const tokens = await openid.authorizationCodeGrant(config, away, begun.checks, {}, { DPoP });
  const sub = tokens.claims()?.sub ?? "";
  const told = await openid.fetchUserInfo(config, tokens.access_token, sub, { DPoP });
  expect(told.sub).toBe(sub);

  expect(browser.set.length).toBeGreaterThan(3);
  for (const cookie of browser.set) expect(cookie).toMatch(/; secure/i);
  const session = browser.set.find((cookie) => cookie.includes("authledger_session="));
  expect(session).toMatch(/^__Host-authledger_session=[^;]+; .*HttpOnly; SameSite=Lax; Secure$/);
  expect(session).not.toMatch(/domain=/i);

  // A proof for the address behind the proxy is one for somewhere else.
  const { client_id } = config.clientMetadata();
  const inside = { issuer: URL_OF_SITE, token_endpoint: `${base}/oauth2/token` };
  const direct = new openid.Configuration(inside, client_id, undefined, openid.None());
  openid.allowInsecureRequests(direct);
  const wrong = openid.getDPoPHandle(direct, await openid.randomDPoPKeyPair("ES256"));
  await expect(openid.refreshTokenGrant(direct, "x", {}, { DPoP: wrong })).rejects.toMatchObject({
    error: "invalid_dpop_proof",
  });
});

/** Statuses of wrong passwords, all at once and each as if from somewhere else. */
async function tries(base: string, asks: typeof fetch): Promise<ReadonlyArray<number>> {
  const statuses = [1, 2, 3, 4].map(async (last) => {
    const response = await asks(`${base}/v1/sign-in`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        // RFC 5737 keeps these for documents.
        "x-forwarded-for": `203.0.113.${last}`,
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        forwarded: `for=203.0.113.${last};host=evil.example`,
      },
      body: JSON.stringify({ identifier: "nobody@example.com", password: "a wrong password" }),
    });
    return response.status;
  });
  return (await Promise.all(statuses)).toSorted();
}

test("nobody seems to come from elsewhere: neither through the proxy nor around it", {
  ...onTlsNginx,
  timeout: TIMEOUT_MS,
}, async () => {
  const site = await behindTls();
  expect(await tries(URL_OF_SITE, site.fetch)).toEqual([401, 401, 401, 429]);
  // The test's own address is not the proxy's here.
  const environment = {
    AUTHLEDGER_URL: URL_OF_SITE,
    AUTHLEDGER_STORE: "memory",
    AUTHLEDGER_TRUST_PROXY: "10.0.0.0/8",
  };
  const { base } = await startServer({ data: join(tmpdir(), "authledger-untrusted"), environment });
  expect(await tries(base, fetch)).toEqual([401, 401, 401, 429]);
  const discovery = await fetch(`${base}/.well-known/openid-configuration`, {
    headers: { "x-forwarded-host": "evil.example", host: "evil.example" },
  });
  expect(await discovery.text()).not.toContain("evil");
});
