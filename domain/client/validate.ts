import { type ClientMetadata, type ClientType, DEFAULTS, type GrantType } from "./metadata.ts";
import { isOrigin, isRedirectUri, isWebUri } from "./redirect-uri.ts";

/** Seconds. An access token cannot be recalled, so it is short. */
export const ACCESS_TOKEN_SECONDS_MAX = 3_600;
/** Seconds that each kind of token may live: nobody signs in every minute, nor once and for all. */
export const LIFETIME_SECONDS = {
  accessToken: { min: 60, max: ACCESS_TOKEN_SECONDS_MAX },
  idToken: { min: 60, max: 3_600 },
  refreshToken: { min: 3_600, max: 2_592_000 },
} as const;

/** Ways to a token that a type of client may have. */
export const GRANTS: { readonly [type in ClientType]: ReadonlyArray<GrantType> } = {
  web: [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:device_code",
  ],
  spa: ["authorization_code", "refresh_token"],
  native: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
  machine: ["client_credentials"],
};

/**
 * The first member of what is registered that a client of this type cannot have; undefined where it
 * all fits together.
 */
export function misfit(
  kind: ClientType,
  metadata: ClientMetadata,
): keyof ClientMetadata | undefined {
  return RULES.find(([, fits]) => !fits(metadata, kind))?.[0];
}

type Rule = readonly [
  member: keyof ClientMetadata,
  fits: (metadata: ClientMetadata, kind: ClientType) => boolean,
];

const RULES: ReadonlyArray<Rule> = [
  // A secret in a browser's page or an app is nobody's secret (RFC 6749, section 2.1).
  [
    "tokenEndpointAuthMethod",
    ({ tokenEndpointAuthMethod: method }, kind) =>
      (method === "none") === (DEFAULTS[kind].tokenEndpointAuthMethod === "none"),
  ],
  [
    "grantTypes",
    ({ grantTypes }, kind) =>
      grantTypes.length > 0 &&
      grantTypes.every((grant) => GRANTS[kind].includes(grant)) &&
      (!grantTypes.includes("refresh_token") || grantTypes.some(isOfPeople)),
  ],
  [
    "redirectUris",
    ({ redirectUris, grantTypes }, kind) =>
      redirectUris.every((uri) => isRedirectUri(uri, kind)) &&
      redirectUris.length > 0 === grantTypes.includes("authorization_code"),
  ],
  [
    "postLogoutRedirectUris",
    ({ postLogoutRedirectUris }, kind) =>
      postLogoutRedirectUris.every((uri) => isRedirectUri(uri, kind)),
  ],
  [
    "previewRedirectUris",
    ({ previewRedirectUris, grantTypes }, kind) =>
      previewRedirectUris.every(({ uri }) => isRedirectUri(uri, kind)) &&
      (previewRedirectUris.length === 0 || grantTypes.includes("authorization_code")),
  ],
  ["origins", ({ origins }) => origins.every(isOrigin)],
  [
    "jwksUri",
    ({ jwksUri, tokenEndpointAuthMethod: method }) =>
      jwksUri === undefined ? method !== "private_key_jwt" : isWebUri(jwksUri),
  ],
  // RFC 8252, section 8.6: nobody can tell one app from another that poses as it.
  ["skipConsent", ({ skipConsent }, kind) => !skipConsent || kind !== "native"],
  ["lifetimes", ({ lifetimes }) => isWithinLimits(lifetimes)],
  ["logoUri", ({ logoUri }) => isWebOrAbsent(logoUri)],
  ["clientUri", ({ clientUri }) => isWebOrAbsent(clientUri)],
  ["policyUri", ({ policyUri }) => isWebOrAbsent(policyUri)],
  ["tosUri", ({ tosUri }) => isWebOrAbsent(tosUri)],
  ["backchannelLogoutUri", ({ backchannelLogoutUri: uri }) => isWebOrAbsent(uri)],
];

function isOfPeople(grant: GrantType): boolean {
  return grant !== "refresh_token" && grant !== "client_credentials";
}

function isWebOrAbsent(uri: string | undefined): boolean {
  return uri === undefined || isWebUri(uri);
}

function isWithinLimits(lifetimes: ClientMetadata["lifetimes"]): boolean {
  const { accessToken, idToken, refreshToken } = LIFETIME_SECONDS;
  return (
    isWithin(accessToken, lifetimes.accessToken) &&
    isWithin(refreshToken, lifetimes.refreshToken) &&
    isWithin(idToken, lifetimes.idToken)
  );
}

type Range = { readonly min: number; readonly max: number };

function isWithin({ min, max }: Range, seconds: number | undefined): boolean {
  return seconds === undefined || (seconds >= min && seconds <= max);
}
