import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import {
  ACCESS_POLICIES,
  API_SCOPES,
  AUTH_METHODS,
  CLIENT_TYPES,
  type ClientMetadata,
  DEFAULTS,
  GRANT_TYPES,
  type MetadataChanges,
} from "../../domain/client/mod.ts";
import { refuse } from "../http/problem.ts";
import { text, time } from "../http/schemas.ts";

const NAME_MAX = 100;
/** Characters, of visible ASCII. */
const URI_MAX = 512;
/** Of a list: more addresses are more applications. */
const LIST_MAX = 20;
/** What is tried out for longer is no preview. */
export const PREVIEW_MS_MAX = 90 * 24 * 60 * 60 * 1000;

export const Uri = z
  .string()
  .max(URI_MAX)
  .regex(/^[\x21\x23-\x7e]+$/);
export const Uris = z.array(Uri).max(LIST_MAX);
const Seconds = z.int().min(1);

/** What is not seen and turns or parts what is: a name that reads as another one. */
const UNSEEN = /[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]/;

/** People trust an application by its name. */
export const Name = text(NAME_MAX).refine((name) => !UNSEEN.test(name));

/** What may be said of a client; what fits together, the domain decides. */
const lists = {
  grantTypes: z.array(z.enum(GRANT_TYPES)).max(GRANT_TYPES.length).exactOptional(),
  redirectUris: Uris.exactOptional(),
  postLogoutRedirectUris: Uris.exactOptional(),
  previewRedirectUris: z
    .array(z.strictObject({ uri: Uri, expiresAt: time }))
    .max(LIST_MAX)
    .exactOptional(),
  origins: Uris.exactOptional(),
  scopes: z.array(z.enum(API_SCOPES)).max(API_SCOPES.length).exactOptional(),
};
const choices = {
  tokenEndpointAuthMethod: z.enum(AUTH_METHODS).exactOptional(),
  skipConsent: z.boolean().exactOptional(),
  accessPolicy: z.enum(ACCESS_POLICIES).exactOptional(),
  lifetimes: z
    .strictObject({
      accessToken: Seconds.exactOptional(),
      refreshToken: Seconds.exactOptional(),
      idToken: Seconds.exactOptional(),
    })
    .exactOptional(),
};
const address = Uri.exactOptional();
const addresses = {
  logoUri: address,
  clientUri: address,
  policyUri: address,
  tosUri: address,
  jwksUri: address,
  backchannelLogoutUri: address,
};
const cleared = Uri.nullable().exactOptional();

export const ClientType = z.enum(CLIENT_TYPES);

export const RegisterBody = z.strictObject({
  name: Name,
  type: ClientType,
  ...lists,
  ...choices,
  ...addresses,
});
export type RegisterBody = z.output<typeof RegisterBody>;

/** Only what is named changes; `null` clears an address. */
export const ReviseBody = z.strictObject({
  name: Name.exactOptional(),
  ...lists,
  ...choices,
  logoUri: cleared,
  clientUri: cleared,
  policyUri: cleared,
  tosUri: cleared,
  jwksUri: cleared,
  backchannelLogoutUri: cleared,
  disabled: z.boolean().exactOptional(),
});
export type ReviseBody = z.output<typeof ReviseBody>;

/** What is registered of a client, as an answer shows it. */
export const metadataView = {
  name: z.string(),
  tokenEndpointAuthMethod: z.enum(AUTH_METHODS),
  grantTypes: z.array(z.enum(GRANT_TYPES)),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  previewRedirectUris: z.array(z.strictObject({ uri: z.string(), expiresAt: z.string() })),
  origins: z.array(z.string()),
  scopes: z.array(z.string()),
  skipConsent: z.boolean(),
  accessPolicy: z.enum(ACCESS_POLICIES),
  lifetimes: z.strictObject({
    accessToken: z.int().exactOptional(),
    refreshToken: z.int().exactOptional(),
    idToken: z.int().exactOptional(),
  }),
  ...addresses,
};

/** Everything of a new client: what was said, and what its type begins with. */
export const metadataOf = (body: RegisterBody) =>
  Effect.map(previewsIn(body), (previews = []) => wholeMetadata(body, previews));

/** The same, with previews whose times are as events have them. */
export function wholeMetadata(
  { type, ...said }: RegisterBody,
  previewRedirectUris: ClientMetadata["previewRedirectUris"],
): ClientMetadata {
  return {
    ...DEFAULTS[type],
    redirectUris: [],
    postLogoutRedirectUris: [],
    origins: [],
    scopes: [],
    skipConsent: false,
    accessPolicy: "all",
    lifetimes: {},
    ...said,
    previewRedirectUris,
  };
}

/** What is to change of a client. */
export const changesOf = ({ disabled: _, ...said }: ReviseBody) =>
  Effect.map(
    previewsIn(said),
    (previewRedirectUris): MetadataChanges =>
      previewRedirectUris === undefined ? said : { ...said, previewRedirectUris },
  );

/** With times as events have them, in UTC; 400 for one that is over or far away. */
const previewsIn = ({ previewRedirectUris }: Pick<ReviseBody, "previewRedirectUris">) =>
  Effect.gen(function* () {
    if (previewRedirectUris === undefined) return undefined;
    const nowMs = yield* Clock.currentTimeMillis;
    const times = previewRedirectUris.map(({ expiresAt }) => Date.parse(expiresAt));
    if (times.some((ms) => ms <= nowMs || ms > nowMs + PREVIEW_MS_MAX)) {
      return yield* refuse(400, "invalid_field", { field: "previewRedirectUris" });
    }
    return previewRedirectUris.map(({ uri }, at) => {
      return { uri, expiresAt: new Date(times[at] ?? nowMs).toISOString() };
    });
  });
