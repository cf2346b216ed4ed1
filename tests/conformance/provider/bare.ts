import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, vi } from "vitest";
import { Provider } from "../../../adapters/oidc-provider/engine.ts";
import { ttlOf } from "../../../adapters/oidc-provider/lifetimes.ts";
import { SCOPE_CLAIMS } from "../../../domain/consent/mod.ts";
import type { Browser, Loaded } from "../../api/openid/browser.ts";
import { CALLBACK } from "../../api/openid-world.ts";
import { fetchOfSite } from "../../support/fetch-of-site.ts";
import { certificate } from "../../support/secure-server.ts";
import type { Account, Metadata, Op } from "./op.ts";
import { sendRegistration } from "./registration.ts";

/** The engine alone, with its own store in memory, pages and keys; what else we set, it has too. */
export async function bare(): Promise<Op> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const provider = quietly(() => new Provider(url, configuration));
  Object.assign(provider, { silent: true });
  server.on("request", provider.callback());
  return {
    name: "oidc-provider",
    url,
    client: (metadata = {}) => registered(url, metadata),
    register: (metadata) => sendRegistration(url, metadata),
    account: { login: "ada", sub: "ada" },
    answer,
    refuse: (browser, page) => {
      const abort = /href="([^"]+\/abort)"/.exec(page.html)?.[1] ?? "";
      return browser.open(new URL(abort, page.url));
    },
    asksForLogin: ({ html }) => html.includes('name="login"'),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const configuration: ConstructorParameters<typeof Provider>[1] = {
  findAccount: async (_, sub) => ({
    accountId: sub,
    claims: async () => ({
      sub,
      name: "Ada",
      updated_at: 1_700_000_000,
      email: "ada@example.org",
      email_verified: true,
      phone_number: "+44 20 7946 0000",
      phone_number_verified: false,
      address: { formatted: "12 St James's Square, London" },
    }),
  }),
  claims: { ...SCOPE_CLAIMS } as never,
  scopes: ["openid", "offline_access"],
  responseTypes: ["code"],
  clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
  enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256", "EdDSA"] },
  pkce: { required: (_, { tokenEndpointAuthMethod }) => tokenEndpointAuthMethod === "none" },
  // As ours: an answer goes where the request says.
  allowOmittingSingleRegisteredRedirectUri: false,
  // What clients serve in these tests has a certificate that vouches for itself.
  fetch: (url, options) =>
    fetchOfSite({ port: Number(new URL(String(url)).port), ca: certificate?.cert ?? "" })(
      url,
      options,
    ),
  ttl: ttlOf(() => ({})) as never,
  // The engine takes forms only with cookies that every site's form brings along.
  enableHttpPostMethods: true,
  cookies: { keys: ["a key of this test"], long: { sameSite: "none" } },
  renderError: (ctx, { error }) => {
    ctx.body = error;
  },
  routes: {
    authorization: "/oauth2/authorize",
    token: "/oauth2/token",
    userinfo: "/oauth2/userinfo",
    jwks: "/oauth2/jwks",
    registration: "/oauth2/register",
    pushed_authorization_request: "/oauth2/par",
    end_session: "/oauth2/logout",
  },
  features: {
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7) },
    introspection: { enabled: true },
    registration: { enabled: true },
    registrationManagement: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = form;
      },
      postLogoutSuccessSource: (ctx) => {
        ctx.body = "signed out";
      },
    },
  },
};

/** The engine warns of what is only fit for trying out; here it is tried out. */
function quietly<A>(make: () => A): A {
  const spies = (["info", "warn"] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(() => undefined),
  );
  try {
    return make();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

async function registered(url: string, metadata: Metadata) {
  const { status, json } = await sendRegistration(url, {
    redirect_uris: [CALLBACK],
    grant_types: ["authorization_code", "refresh_token"],
    ...metadata,
  });
  expect(status).toBe(201);
  const { client_id, client_secret = "" } = json;
  return { clientId: String(client_id), clientSecret: String(client_secret) };
}

function answer(browser: Browser, page: Loaded, { login }: Account) {
  const isLogin = page.html.includes('name="login"');
  return browser.submit(page, isLogin ? { login, password: "any" } : {});
}
