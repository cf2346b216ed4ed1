import { z } from "zod";
import {
  AUTH_METHODS,
  type ClientMetadata,
  type ClientType,
  DEFAULTS,
  GRANT_TYPES,
} from "../../domain/client/mod.ts";
import { OPENID_SCOPES } from "../../domain/consent/mod.ts";
import { Name, Uri, Uris } from "../clients/client-body.ts";

/** What an application is called that names nothing of itself. */
const NAMELESS = "Application";

const uri = Uri.exactOptional();

/**
 * What an application may say of itself; what else it says is ignored, as the protocol has it.
 *
 * Source: RFC 7591, section 2; OpenID Connect Dynamic Client Registration 1.0, section 2.
 */
const Said = z.object({
  redirect_uris: Uris.exactOptional(),
  post_logout_redirect_uris: Uris.exactOptional(),
  token_endpoint_auth_method: z.enum(AUTH_METHODS).exactOptional(),
  grant_types: z.array(z.enum(GRANT_TYPES)).min(1).max(GRANT_TYPES.length).exactOptional(),
  response_types: z.array(z.literal("code")).max(1).exactOptional(),
  application_type: z.enum(["web", "native"]).exactOptional(),
  client_name: Name.exactOptional(),
  client_uri: uri,
  logo_uri: uri,
  policy_uri: uri,
  tos_uri: uri,
  jwks_uri: uri,
  backchannel_logout_uri: uri,
  subject_type: z.literal("public").exactOptional(),
  id_token_signed_response_alg: z.literal("RS256").exactOptional(),
});
type Said = z.output<typeof Said>;

/** What would be something else than was asked for, were it ignored. */
const NOT_HERE = [
  "jwks",
  "sector_identifier_uri",
  "software_statement",
  "id_token_encrypted_response_alg",
  "userinfo_signed_response_alg",
  "userinfo_encrypted_response_alg",
  "request_object_encryption_alg",
  "authorization_signed_response_alg",
  "introspection_signed_response_alg",
  "tls_client_certificate_bound_access_tokens",
] as const;

/** A member that is not acceptable, by the protocol's name. */
export type Refused = { readonly field: string };
export type Wanted = { readonly kind: ClientType; readonly metadata: ClientMetadata };

/** What the house decides about an application, whatever that says of itself. */
type Kept = Pick<
  ClientMetadata,
  "previewRedirectUris" | "origins" | "scopes" | "skipConsent" | "accessPolicy" | "lifetimes"
>;
const NOTHING_KEPT: Kept = {
  previewRedirectUris: [],
  origins: [],
  scopes: [],
  skipConsent: false,
  accessPolicy: "all",
  lifetimes: {},
};

/**
 * What is to be registered. A member that is null is as good as absent; whoever registered already
 * keeps their type and what the house gave them.
 */
export function wantedOf(
  body: Readonly<Record<string, unknown>>,
  before?: { readonly kind: ClientType; readonly metadata: ClientMetadata },
): Wanted | Refused {
  const members = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  const unknown = NOT_HERE.find((member) => Object.hasOwn(members, member));
  if (unknown !== undefined) return { field: unknown };
  const { data: said, error } = Said.safeParse(members);
  if (said === undefined) return { field: String(error.issues[0]?.path[0] ?? "") };
  const grantTypes = said.grant_types ?? ["authorization_code"];
  const isCode = grantTypes.includes("authorization_code");
  if ((said.response_types?.length ?? 0) > 0 && !isCode) return { field: "response_types" };
  const kind = kindOf(said, before?.kind);
  if (before !== undefined && kind !== before.kind) return { field: "application_type" };
  const { previewRedirectUris, origins, scopes, skipConsent, accessPolicy, lifetimes } =
    before?.metadata ?? NOTHING_KEPT;
  return {
    kind,
    metadata: {
      name: said.client_name ?? nameOf(said),
      tokenEndpointAuthMethod:
        said.token_endpoint_auth_method ?? DEFAULTS[kind].tokenEndpointAuthMethod,
      grantTypes,
      redirectUris: said.redirect_uris ?? [],
      postLogoutRedirectUris: said.post_logout_redirect_uris ?? [],
      previewRedirectUris,
      origins,
      scopes,
      skipConsent,
      accessPolicy,
      lifetimes,
      ...addressesOf(said),
    },
  };
}

/** By what it is and what it can keep; whoever is registered stays what fits them best. */
function kindOf(said: Said, before: ClientType | undefined): ClientType {
  const { application_type: type, token_endpoint_auth_method: method, grant_types: grants } = said;
  if (type === "native") return "native";
  if (method === "none") return before === "native" && type === undefined ? "native" : "spa";
  if (method === undefined && (before === "native" || before === "spa")) return before;
  const isMachine = grants?.length === 1 && grants[0] === "client_credentials";
  if (before === "web") return "web";
  return isMachine ? "machine" : "web";
}

function nameOf({ client_uri: page, redirect_uris: [first] = [] }: Said): string {
  const place = page ?? first ?? "";
  const host = URL.canParse(place) ? new URL(place).hostname : "";
  return Name.safeParse(host).success ? host : NAMELESS;
}

function addressesOf(said: Said): Partial<ClientMetadata> {
  const named = {
    clientUri: said.client_uri,
    logoUri: said.logo_uri,
    policyUri: said.policy_uri,
    tosUri: said.tos_uri,
    jwksUri: said.jwks_uri,
    backchannelLogoutUri: said.backchannel_logout_uri,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

/** The protocol's name of a member that does not fit. */
export const NAMES: { readonly [member in keyof ClientMetadata]: string } = {
  name: "client_name",
  tokenEndpointAuthMethod: "token_endpoint_auth_method",
  grantTypes: "grant_types",
  redirectUris: "redirect_uris",
  postLogoutRedirectUris: "post_logout_redirect_uris",
  previewRedirectUris: "redirect_uris",
  origins: "origins",
  scopes: "scope",
  skipConsent: "skip_consent",
  accessPolicy: "access_policy",
  lifetimes: "lifetimes",
  logoUri: "logo_uri",
  clientUri: "client_uri",
  policyUri: "policy_uri",
  tosUri: "tos_uri",
  jwksUri: "jwks_uri",
  backchannelLogoutUri: "backchannel_logout_uri",
};

/** All that is registered, in the protocol's words: what was ignored is not among it. */
export function registeredView(kind: ClientType, metadata: ClientMetadata) {
  const isCode = metadata.grantTypes.includes("authorization_code");
  const { clientUri, logoUri, policyUri, tosUri, jwksUri, backchannelLogoutUri } = metadata;
  const addresses = {
    client_uri: clientUri,
    logo_uri: logoUri,
    policy_uri: policyUri,
    tos_uri: tosUri,
    jwks_uri: jwksUri,
    backchannel_logout_uri: backchannelLogoutUri,
  };
  return {
    client_name: metadata.name,
    application_type: kind === "native" ? "native" : "web",
    token_endpoint_auth_method: metadata.tokenEndpointAuthMethod,
    grant_types: [...metadata.grantTypes],
    response_types: isCode ? ["code"] : [],
    // What people are asked for is said at each request: all that they may say yes to.
    scope: [...(isCode ? OPENID_SCOPES : []), ...metadata.scopes].join(" "),
    redirect_uris: [...metadata.redirectUris],
    post_logout_redirect_uris: [...metadata.postLogoutRedirectUris],
    subject_type: "public",
    id_token_signed_response_alg: "RS256",
    ...Object.fromEntries(Object.entries(addresses).filter(([, value]) => value !== undefined)),
    ...(backchannelLogoutUri === undefined ? {} : { backchannel_logout_session_required: true }),
  };
}
