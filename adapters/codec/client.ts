import { z } from "zod";
import {
  ACCESS_POLICIES,
  AUTH_METHODS,
  CLIENT_TYPES,
  type ClientEvent,
  type ClientMetadata,
  GRANT_TYPES,
} from "../../domain/client/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { scope, structural, time, uuid, vaultReference } from "./field.ts";
import * as sample from "./samples.ts";

/** Of each list at most: four lists of 512 characters each fit an entry. */
const LIST_MAX = 20;
/** One line about an application, not about a person. */
const name = structural(/^[^\p{Cc}\p{Cs}]{1,100}$/u);
const uri = structural(/^[\x21\x23-\x7e]{1,512}$/);
const uris = z.array(uri).max(LIST_MAX);
const seconds = z.int().min(1);

const metadata = {
  name,
  tokenEndpointAuthMethod: z.enum(AUTH_METHODS),
  grantTypes: z.array(z.enum(GRANT_TYPES)).max(GRANT_TYPES.length),
  redirectUris: uris,
  postLogoutRedirectUris: uris,
  previewRedirectUris: z.array(z.strictObject({ uri, expiresAt: time })).max(LIST_MAX),
  origins: uris,
  scopes: z.array(scope).max(LIST_MAX),
  skipConsent: z.boolean(),
  accessPolicy: z.enum(ACCESS_POLICIES),
  lifetimes: z.strictObject({
    accessToken: seconds.exactOptional(),
    refreshToken: seconds.exactOptional(),
    idToken: seconds.exactOptional(),
  }),
  logoUri: uri.exactOptional(),
  clientUri: uri.exactOptional(),
  policyUri: uri.exactOptional(),
  tosUri: uri.exactOptional(),
  jwksUri: uri.exactOptional(),
  backchannelLogoutUri: uri.exactOptional(),
};

const shop: ClientMetadata = {
  name: "Shop",
  tokenEndpointAuthMethod: "client_secret_basic",
  grantTypes: ["authorization_code", "refresh_token"],
  redirectUris: ["https://shop.example.com/callback"],
  postLogoutRedirectUris: ["https://shop.example.com/"],
  previewRedirectUris: [
    { uri: "https://preview-7.shop.example.com/callback", expiresAt: sample.time },
  ],
  origins: ["https://shop.example.com"],
  scopes: ["users:read"],
  skipConsent: false,
  accessPolicy: "all",
  lifetimes: { accessToken: 300, refreshToken: 604_800, idToken: 300 },
  logoUri: "https://shop.example.com/logo.svg",
  clientUri: "https://shop.example.com/",
  policyUri: "https://shop.example.com/privacy",
  tosUri: "https://shop.example.com/terms",
  jwksUri: "https://shop.example.com/jwks",
  backchannelLogoutUri: "https://shop.example.com/signed-out",
};
const secretId = sample.accountId;

/** Applications that ask for tokens. */
export const clientCodec = eventCodec<ClientEvent>(
  { category: "client", ledger: "identity" },
  {
    ClientRegistered: {
      data: z.strictObject({ kind: z.enum(CLIENT_TYPES), ...metadata }),
      sample: { kind: "web", ...shop },
    },
    ClientRevised: { data: z.strictObject(metadata), sample: shop },
    ClientSecretIssued: {
      data: z.strictObject({ secretId: uuid, secret: vaultReference }),
      sample: {
        secretId,
        secret: { id: `client-secret:${secretId}`, digest: sample.vaultReference.digest },
      },
    },
    ClientSecretRevoked: { data: z.strictObject({ secretId: uuid }), sample: { secretId } },
    ClientDisabled: { data: z.strictObject({}), sample: {} },
    ClientEnabled: { data: z.strictObject({}), sample: {} },
    ClientRemoved: { data: z.strictObject({}), sample: {} },
  },
);
