import type { ClientMetadata } from "oidc-provider";
import type { ClientRow } from "../../projections/clients.ts";

/**
 * What the engine wants where we keep no secret at all: it is never compared, since the engine asks
 * the vault.
 */
const NO_SECRET = "the-vault-has-its-digest";

/**
 * A registered client in the engine's words. All are `web` to it: which addresses an app of another
 * type may have is decided where it is registered.
 */
export function metadataOf(row: ClientRow): ClientMetadata {
  const { clientId, name, tokenEndpointAuthMethod, grantTypes, redirectUris } = row;
  const { logoUri, clientUri, policyUri, tosUri, jwksUri, backchannelLogoutUri } = row;
  const isCode = grantTypes.includes("authorization_code");
  return {
    client_id: clientId,
    client_name: name,
    application_type: "web",
    token_endpoint_auth_method: tokenEndpointAuthMethod,
    grant_types: [...grantTypes],
    response_types: isCode ? ["code"] : [],
    // The engine wants to know some; which one was asked for is compared by us.
    redirect_uris: isCode ? [redirectUris.find(isWeb) ?? PLACEHOLDER] : [],
    post_logout_redirect_uris: [],
    ...(tokenEndpointAuthMethod.startsWith("client_secret_") ? { client_secret: NO_SECRET } : {}),
    ...(logoUri === undefined ? {} : { logo_uri: logoUri }),
    ...(clientUri === undefined ? {} : { client_uri: clientUri }),
    ...(policyUri === undefined ? {} : { policy_uri: policyUri }),
    ...(tosUri === undefined ? {} : { tos_uri: tosUri }),
    ...(jwksUri === undefined ? {} : { jwks_uri: jwksUri }),
    ...(backchannelLogoutUri === undefined
      ? {}
      : {
          backchannel_logout_uri: backchannelLogoutUri,
          backchannel_logout_session_required: true,
        }),
  };
}

/** Where nothing is ever sent: RFC 2606 keeps it free. */
const PLACEHOLDER = "https://client.invalid/";

function isWeb(uri: string): boolean {
  return uri.startsWith("https://");
}
