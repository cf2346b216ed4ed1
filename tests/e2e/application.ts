import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import * as openid from "openid-client";
import { expect, onTestFinished } from "vitest";

export type Registered = { readonly clientId: string; readonly clientSecret?: string };
export type Owner = { readonly cookie: string };

/** Registers an application; an architect does. */
export async function register(
  base: string,
  { cookie }: Owner,
  body: Readonly<Record<string, unknown>>,
): Promise<Registered> {
  const response = await fetch(`${base}/v1/clients`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(201);
  return (await response.json()) as Registered;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A server of somebody else's until the test ends; answers its port, at every loopback name. */
export async function listenFor(handler: () => Handler): Promise<number> {
  const server = createServer((request, response) => {
    handler()(request, response).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/**
 * A web application with a server, at another origin than ours: `/login` leads to us, `/callback`
 * says who came, `/logout` asks us to sign them out, `/goodbye` is where they come after.
 */
export async function startShop(base: string, owner: Owner): Promise<string> {
  let handler: Handler = async () => undefined;
  const port = await listenFor(() => handler);
  const own = `http://127.0.0.1:${port}`;
  const { clientId, clientSecret } = await register(base, owner, {
    name: "Shop",
    type: "web",
    redirectUris: [`${own}/callback`],
    postLogoutRedirectUris: [`${own}/goodbye`],
  });
  const config = await openid.discovery(new URL(base), clientId, clientSecret, undefined, {
    execute: [openid.allowInsecureRequests],
  });
  const verifier = openid.randomPKCECodeVerifier();
  const challenge = await openid.calculatePKCECodeChallenge(verifier);
  let idToken = "";
  handler = async (request, response) => {
    const url = new URL(request.url ?? "", own);
    const lead = (to: URL) => response.writeHead(303, { location: to.href }).end();
    const say = (text: string) =>
      response.writeHead(200, { "content-type": "text/html" }).end(`<h1>${text}</h1>`);
    if (url.pathname === "/login") {
      lead(
        openid.buildAuthorizationUrl(config, {
          redirect_uri: `${own}/callback`,
          scope: "openid profile",
          code_challenge: challenge,
          code_challenge_method: "S256",
          state: "of-the-shop",
        }),
      );
    } else if (url.pathname === "/callback") {
      const checks = { pkceCodeVerifier: verifier, expectedState: "of-the-shop" };
      const tokens = await openid.authorizationCodeGrant(config, url, checks);
      idToken = tokens.id_token ?? "";
      say(`Welcome ${tokens.claims()?.sub}`);
    } else if (url.pathname === "/logout") {
      lead(
        openid.buildEndSessionUrl(config, {
          id_token_hint: idToken,
          post_logout_redirect_uri: `${own}/goodbye`,
          state: "gone",
        }),
      );
    } else say(`Goodbye ${url.searchParams.get("state")}`);
  };
  return own;
}

const LIBRARY = readFileSync(
  join(
    dirname(createRequire(import.meta.url).resolve("oidc-client-ts/package.json")),
    "dist/browser/oidc-client-ts.min.js",
  ),
  "utf8",
);

/** A page without a server of its own, that has oidc-client-ts; answers its origin. */
export async function startSinglePage(): Promise<string> {
  const port = await listenFor(() => async (request, response) => {
    const isLibrary = request.url === "/oidc-client-ts.js";
    response.setHeader("content-type", isLibrary ? "text/javascript" : "text/html");
    response.end(
      isLibrary
        ? LIBRARY
        : '<!doctype html><title>Page</title><script src="/oidc-client-ts.js"></script>',
    );
  });
  return `http://localhost:${port}`;
}
