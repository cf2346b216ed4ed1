import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import type * as openid from "openid-client";
import {
  type IssuerClaims,
  type IssuerClient,
  type IssuerError,
  OpenidIssuers,
  type Trip,
} from "../ports/openid-issuers.ts";
import { Outbound } from "../ports/outbound.ts";
import { type Asserted, claimsOf, isIncomplete } from "./claims.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import { errorOf } from "./refusal.ts";

/** How long an issuer's metadata is believed: endpoints move rarely, and then keep the old ones. */
const DISCOVERED_MS = 60 * 60 * 1000;
/** Issuers kept; past it the one discovered first is discovered anew when asked for. */
const DISCOVERED_MAX = 100;
/** Whoever proves there anew who they are does it within this; the trip itself takes that long. */
const FRESH_SECONDS = 5 * 60;

type Library = typeof openid;
type Discovered = { readonly config: Promise<openid.Configuration>; readonly endsMs: number };

/** Imported when somebody first comes by a provider. */
const library = (): Promise<Library> => import("openid-client");

/**
 * Any OpenID Connect issuer by its URL, over openid-client.
 *
 * ID tokens are verified by their signature too, though they come over TLS from the issuer itself.
 * Its keys are kept by the library, and fetched anew for one that it does not know.
 */
export const layer: Layer.Layer<OpenidIssuers, never, Outbound> = Layer.effect(
  OpenidIssuers,
  Effect.gen(function* () {
    const fetch = guardedFetch(yield* Outbound);
    const discovered = new Map<string, Discovered>();

    const configured = (client: IssuerClient) =>
      Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis;
        const key = keyOf(client);
        const kept = discovered.get(key);
        if (kept !== undefined && kept.endsMs > now) return yield* attempt(() => kept.config);
        const config = discover(client, fetch);
        discovered.delete(key);
        discovered.set(key, { config, endsMs: now + DISCOVERED_MS });
        // What failed is tried again by the next who comes.
        config.catch(() => discovered.get(key)?.config === config && discovered.delete(key));
        for (const oldest of discovered.keys()) {
          if (discovered.size <= DISCOVERED_MAX) break;
          discovered.delete(oldest);
        }
        return yield* attempt(() => config);
      });

    return {
      authorizationUrl: (client, trip) =>
        Effect.flatMap(configured(client), (config) =>
          attempt(async () => {
            const { calculatePKCECodeChallenge, buildAuthorizationUrl } = await library();
            return buildAuthorizationUrl(config, {
              redirect_uri: trip.redirectUri,
              scope: client.scopes.join(" "),
              state: trip.state,
              nonce: trip.nonce,
              code_challenge: await calculatePKCECodeChallenge(trip.verifier),
              code_challenge_method: "S256",
              ...(trip.fresh ? { prompt: "login", max_age: String(FRESH_SECONDS) } : {}),
            }).href;
          }),
        ),
      arrive: (client, trip, query) =>
        Effect.flatMap(configured(client), (config) => attempt(() => arrived(config, trip, query))),
    };
  }),
);

/** Each revision of a client has metadata of its own: a replaced secret is used no more. */
function keyOf({ issuer, clientId, authMethod, clientSecret }: IssuerClient): string {
  const secret = clientSecret === undefined ? "" : Redacted.value(clientSecret);
  return JSON.stringify([issuer, clientId, authMethod, secret]);
}

const discover = async (
  client: IssuerClient,
  fetch: openid.CustomFetch,
): Promise<openid.Configuration> => {
  const { discovery, allowInsecureRequests, enableNonRepudiationChecks, customFetch } =
    await library();
  const secret = client.clientSecret && Redacted.value(client.clientSecret);
  return discovery(
    new URL(client.issuer),
    client.clientId,
    undefined,
    await authOf(client.authMethod, secret),
    {
      [customFetch]: fetch,
      // Whether plain HTTP may be spoken to an address is the guard's to say, for every request.
      execute: [allowInsecureRequests, enableNonRepudiationChecks],
    },
  );
};

async function authOf(
  method: IssuerClient["authMethod"],
  secret: string | undefined,
): Promise<openid.ClientAuth> {
  const { ClientSecretBasic, ClientSecretPost, None } = await library();
  switch (method) {
    case "client_secret_basic":
      return ClientSecretBasic(secret);
    case "client_secret_post":
      return ClientSecretPost(secret);
    case "none":
      return None();
    default:
      return method satisfies never;
  }
}

/** The code for tokens, and what they tell; the rest is asked for at the userinfo endpoint. */
async function arrived(
  config: openid.Configuration,
  trip: Trip,
  query: URLSearchParams,
): Promise<IssuerClaims> {
  const { authorizationCodeGrant, fetchUserInfo } = await library();
  const url = new URL(trip.redirectUri);
  url.search = query.toString();
  const tokens = await authorizationCodeGrant(config, url, {
    pkceCodeVerifier: trip.verifier,
    expectedState: trip.state,
    expectedNonce: trip.nonce,
    idTokenExpected: true,
    ...(trip.fresh ? { maxAge: FRESH_SECONDS } : {}),
  });
  const told: Asserted = tokens.claims() ?? { sub: "" };
  const asks = isIncomplete(told) && config.serverMetadata().userinfo_endpoint !== undefined;
  const more = asks ? await fetchUserInfo(config, tokens.access_token, told.sub) : {};
  return claimsOf(told, more);
}

const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, IssuerError> =>
  Effect.tryPromise({ try: run, catch: errorOf });
