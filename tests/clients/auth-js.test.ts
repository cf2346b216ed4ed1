import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Auth, type AuthConfig } from "@auth/core";
import { getRequestListener } from "@hono/node-server";
import { expect, onTestFinished, test } from "vitest";
import { memoryServices } from "../api/memory-services.ts";
import { pageOf } from "../api/openid/browser.ts";
import { openidWorld } from "../api/openid-world.ts";
import { PASSWORD } from "../api/world.ts";
import { across } from "./across.ts";

/** A site whose sign-in is Auth.js; its home page is what Auth.js knows of the visitor. */
async function site(config: (base: string) => Promise<AuthConfig>) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://localhost:${(server.address() as AddressInfo).port}`;
  const settings = await config(base);
  const answer = (request: Request) =>
    new URL(request.url).pathname === "/"
      ? Auth(new Request(new URL("/auth/session", base), request), settings)
      : Auth(request, settings);
  server.on("request", getRequestListener(answer));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return base;
}

test("Auth.js signs somebody in, and its session shows who", async () => {
  const w = await openidWorld(memoryServices);
  onTestFinished(w.close);
  const base = await site(async (address) => {
    const app = await w.web({ redirectUris: [`${address}/auth/callback/authledger`] });
    return {
      secret: "a-secret-of-this-test",
      trustHost: true,
      basePath: "/auth",
      providers: [
        {
          id: "authledger",
          name: "Authledger",
          type: "oidc",
          issuer: w.url,
          clientId: app.clientId,
          clientSecret: app.clientSecret,
          checks: ["pkce", "state", "nonce"],
        },
      ],
      callbacks: {
        jwt: ({ token, profile }) => (profile ? { ...token, sub: String(profile.sub) } : token),
        session: ({ session, token }) => ({
          ...session,
          user: { ...session.user, id: String(token.sub) },
        }),
      },
    };
  });
  const ada = await w.person("ada");
  const browser = across(w.url, base);
  expect(pageOf(await browser.open(base)).html).toBe("null");
  const offer = pageOf(await browser.open(`${base}/auth/signin`));
  const signIn = pageOf(await browser.submit(offer, {}));
  expect(new URL(signIn.url).pathname, signIn.html).toBe("/sign-in");
  const typed = { form: "password", identifier: ada.email, password: PASSWORD };
  const consent = pageOf(await browser.submit(signIn, typed));
  const { url, html } = pageOf(await browser.submit(consent, { form: "allow" }));
  expect(new URL(url).origin).toBe(base);
  expect(JSON.parse(html)).toMatchObject({ user: { id: ada.id } });
  const out = pageOf(await browser.open(`${base}/auth/signout`));
  expect(pageOf(await browser.submit(out, {})).html).toBe("null");
});
