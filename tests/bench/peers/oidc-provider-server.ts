import { generateKeyPairSync } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { peer } from "./installed.ts";

/* A server process: oidc-provider with its own in-memory adapter, one machine as its client, and
 * tokens as ours makes them: of 10 minutes, JWTs of RFC 9068 for an API by ES256 or RS256, opaque
 * ones for none. Nothing is recorded and nothing is kept past the process. The port is said on
 * standard output. */

type Engine = { readonly callback: () => RequestListener };
type Module = { readonly default: new (issuer: string, configuration: object) => Engine };

/** Seconds, as ours. */
const LIFETIME = 600;

const jwkOf = (kid: string, pair: ReturnType<typeof generateKeyPairSync>, alg: string) => ({
  ...pair.privateKey.export({ format: "jwk" }),
  ...{ kid, alg, use: "sig" },
});

const { default: Provider } = await peer<Module>("oidc-provider");
const engine = new Provider("http://localhost:4000", {
  jwks: {
    keys: [
      jwkOf("es", generateKeyPairSync("ec", { namedCurve: "P-256" }) as never, "ES256"),
      jwkOf("rs", generateKeyPairSync("rsa", { modulusLength: 2048 }) as never, "RS256"),
    ],
  },
  clients: [
    {
      client_id: "bench",
      client_secret: "the secret of the bench",
      grant_types: ["client_credentials"],
      response_types: [],
      redirect_uris: [],
    },
  ],
  routes: { token: "/oauth2/token" },
  ttl: { ClientCredentials: LIFETIME },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_: unknown, resource: string) => ({
        scope: "orders:read",
        audience: resource,
        accessTokenFormat: "jwt",
        accessTokenTTL: LIFETIME,
        jwt: { sign: { alg: resource.includes("rs256") ? "RS256" : "ES256" } },
      }),
    },
  },
});
const server = createServer(engine.callback());
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
});
