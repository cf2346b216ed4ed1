import type { Client, Configuration } from "oidc-provider";
import { API_SCOPES } from "../../domain/client/mod.ts";
import { SCOPE_CLAIMS } from "../../domain/consent/mod.ts";
import { SIGNING_ALGORITHMS } from "../../domain/keyring/mod.ts";
import type { ClientRow } from "../../projections/clients.ts";
import type { KeySet, OpenidHost } from "../ports/openid-host.ts";
import { artefactAdapter } from "./artefact-adapter.ts";
import { accountOf, extraClaims } from "./claims.ts";
import { errors } from "./engine.ts";
import { grantFor } from "./grants.ts";
import { policyOf } from "./interaction-policy.ts";
import { LIFETIMES, ttlOf } from "./lifetimes.ts";
import { pagesOf } from "./pages.ts";

/** What clients may sign with. Source: RFC 7518, section 3.1; RFC 9864. */
const CLIENT_SIGNING = ["ES256", "RS256", "PS256", "EdDSA", "Ed25519"] as const;
/** 256 bits: what is guessed in no time at all. */
const OPAQUE_BITS = 256;
/** Clocks of clients are so many seconds off at most. */
const CLOCK_TOLERANCE_SECONDS = 10;

/**
 * Access tokens for APIs are signed with this, where the API does not want another one: a third of
 * the time and a quarter of the size of RS256, which RFC 9068, section 2.1, wants to be there.
 */
const ACCESS_TOKEN_ALGORITHM = "ES256" as const;

/** Clients' assertions that are good for longer are not taken: each is kept until its end. */
const ASSERTION_SECONDS_MAX = 60 * 60;

type RowOf = (client: Client | undefined) => ClientRow;

/** The engine's whole configuration; what is not named here is off or as the engine has it. */
export function configurationOf(host: OpenidHost, keys: KeySet, rowOf: RowOf): Configuration {
  const cookie = { signed: false, httpOnly: true, sameSite: "lax", overwrite: true } as const;
  return {
    adapter: artefactAdapter(host),
    jwks: {
      keys: keys.signing.map(({ jwk, kid, algorithm }) => ({ ...jwk, kid, alg: algorithm })),
    },
    discovery: { registration_endpoint: `${host.issuer}/oauth2/register` },
    clientDefaults: { id_token_signed_response_alg: "RS256" },
    routes: {
      authorization: "/oauth2/authorize",
      token: "/oauth2/token",
      userinfo: "/oauth2/userinfo",
      jwks: "/oauth2/jwks",
      registration: "/oauth2/register",
      introspection: "/oauth2/introspect",
      revocation: "/oauth2/revoke",
      code_verification: "/device",
      device_authorization: "/oauth2/device",
      pushed_authorization_request: "/oauth2/par",
      end_session: "/oauth2/logout",
    },
    scopes: ["openid", "offline_access"],
    claims: { ...SCOPE_CLAIMS } as never,
    responseTypes: ["code"],
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
    enabledJWA: {
      idTokenSigningAlgValues: [...SIGNING_ALGORITHMS],
      clientAuthSigningAlgValues: [...CLIENT_SIGNING],
      dPoPSigningAlgValues: [...CLIENT_SIGNING],
    },
    pkce: { required: (_, client) => client.tokenEndpointAuthMethod === "none" },
    acceptQueryParamAccessTokens: false,
    assertJwtClientAuthClaimsAndHeader: async (_, claims) => {
      const { aud, exp = 0 } = claims as { readonly aud?: unknown; readonly exp?: number };
      // What is for others as well, they could present here.
      const isOurs = typeof aud === "string" || (Array.isArray(aud) && aud.length === 1);
      const isSoon = exp <= Date.now() / 1000 + ASSERTION_SECONDS_MAX;
      if (!isOurs || !isSoon) throw new errors.InvalidClientAuth("one audience, an end soon");
    },
    // The engine knows one registered address of a client, not all: it is never to guess.
    allowOmittingSingleRegisteredRedirectUri: false,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    cookies: {
      names: {
        session: SESSION_COOKIE,
        interaction: INTERACTION_COOKIE,
        resume: "authledger_resume",
      },
      long: cookie,
      short: cookie,
    },
    formats: { bitsOfOpaqueRandomness: OPAQUE_BITS },
    ttl: ttlOf((client) => (client === undefined ? {} : rowOf(client).lifetimes)) as never,
    fetch: (url, options) => fetchedBy(host, url as string, options),
    findAccount: (ctx, userId) => accountOf(host, ctx, userId),
    extraTokenClaims: (ctx, token) => extraClaims(host, ctx, token as never),
    loadExistingGrant: (ctx) => grantFor(host, ctx),
    issueRefreshToken: async (_, client, code) =>
      client.grantTypeAllowed("refresh_token") &&
      (code.scopes.has("offline_access") || !code.scopes.has("openid")),
    rotateRefreshToken: ({ oidc }) =>
      oidc.client?.tokenEndpointAuthMethod === "none" &&
      oidc.entities.RefreshToken?.isSenderConstrained() !== true,
    // What ends with a session, its grant knows.
    expiresWithSession: async () => false,
    clientBasedCORS: (_, origin, client) =>
      rowOf(client).origins.includes(origin) || host.origins.includes(origin),
    interactions: {
      policy: policyOf(host, (ctx) => rowOf(ctx.oidc.client)),
      url: (_, interaction) => `${INTERACTION_PATH}${interaction.uid}`,
    },
    renderError: pagesOf(host).error,
    features: featuresOf(host, rowOf),
  };
}

export const SESSION_COOKIE = "authledger_op";
export const INTERACTION_COOKIE = "authledger_interaction";
/** Where a browser goes that is asked something, and comes back to. */
export const INTERACTION_PATH = "/oauth2/interaction/";

function featuresOf(host: OpenidHost, rowOf: RowOf): NonNullable<Configuration["features"]> {
  const pages = pagesOf(host);
  return {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    clientCredentials: { enabled: true },
    deviceFlow: {
      enabled: true,
      charset: "base-20",
      mask: "****-****",
      userCodeInputSource: pages.deviceCode,
      userCodeConfirmSource: pages.deviceConfirm,
      successSource: pages.deviceDone,
    },
    dPoP: { enabled: true, nonceSecret: Buffer.from(host.secretOf("dpop-nonce", "")) },
    introspection: { enabled: true, allowedPolicy: mayAskAbout },
    pushedAuthorizationRequests: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: async (_, __, oneOf) => oneOf as never,
      useGrantedResource: async () => true,
      getResourceServerInfo: async (ctx, resource) => {
        const info = await resourceInfo(host, rowOf(ctx.oidc.client), resource);
        if (info === undefined) throw new errors.InvalidTarget("no such API is registered");
        return info;
      },
    },
    revocation: { enabled: true, allowedPolicy: isOwn },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: pages.logout,
      postLogoutSuccessSource: pages.loggedOut,
    },
    userinfo: { enabled: true },
  };
}

/** The engine's own way out is left aside: only its patience, and what it asks for. */
function fetchedBy(
  { fetch }: OpenidHost,
  url: string,
  { headers, signal }: RequestInit = {},
): Promise<Response> {
  const init = { headers: Object.fromEntries(new Headers(headers)) };
  return fetch(url, signal == null ? init : { ...init, signal });
}

type Owned = { readonly clientId?: string | undefined };

/** Whoever keeps a secret may ask about any token that it was shown; others about their own. */
const mayAskAbout = async (_: unknown, client: Client, token: Owned) =>
  client.tokenEndpointAuthMethod !== "none" || token.clientId === client.clientId;

/** Nobody gives back what was another's. Source: RFC 7009, section 2.1. */
const isOwn = async (_: unknown, client: Client, token: Owned) =>
  token.clientId === client.clientId;

/**
 * The API that a token is asked for: our own with the scopes that an architect gave the client;
 * undefined where none is registered by that name.
 */
export async function resourceInfo(host: OpenidHost, row: ClientRow, resource: string) {
  const server = resource === host.issuer ? undefined : await host.resourceServer(resource);
  const scopes =
    resource === host.issuer
      ? row.scopes.filter((scope) => (API_SCOPES as ReadonlyArray<string>).includes(scope))
      : server?.scopes.map(({ name }) => name);
  if (scopes === undefined) return undefined;
  return {
    scope: scopes.join(" "),
    audience: resource,
    accessTokenFormat: "jwt" as const,
    accessTokenTTL: row.lifetimes.accessToken ?? LIFETIMES.accessToken,
    jwt: { sign: { alg: server?.signingAlgorithm ?? ACCESS_TOKEN_ALGORITHM } },
  };
}
