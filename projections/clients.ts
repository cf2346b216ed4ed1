import type { ClientEvent, ClientMetadata, ClientType } from "../domain/client/mod.ts";
import type { VaultReference } from "../domain/vault-reference.ts";
import type { Projection } from "./projection.ts";

/** One application that asks for tokens. */
export type ClientRow = ClientMetadata & {
  readonly clientId: string;
  readonly type: ClientType;
  readonly status: "enabled" | "disabled";
  readonly registeredAt: string;
  readonly revisedAt: string;
  /** Oldest first. */
  readonly secrets: ReadonlyArray<{
    readonly id: string;
    readonly secret: VaultReference;
    readonly issuedAt: string;
  }>;
};

/** Answers "which applications are there, and what may each do?". */
export const clients: Projection<ClientRow, ClientEvent> = {
  name: "clients",
  version: 1,
  ledger: "identity",
  handles: [
    "ClientRegistered",
    "ClientRevised",
    "ClientSecretIssued",
    "ClientSecretRevoked",
    "ClientDisabled",
    "ClientEnabled",
    "ClientRemoved",
  ],
  keys: (event) => [event.subject],
  evolve: (row, event, key) => {
    if (event.type === "ClientRegistered") {
      const metadata = metadataOf(event);
      const { kind: type, at } = event;
      const begun = { registeredAt: at, revisedAt: at, secrets: [] };
      return { clientId: key, type, status: "enabled", ...metadata, ...begun };
    }
    if (row === undefined) return undefined;
    const { clientId, type, status, registeredAt, secrets } = row;
    switch (event.type) {
      case "ClientRevised": {
        const kept = { clientId, type, status, registeredAt, revisedAt: event.at, secrets };
        return { ...metadataOf(event), ...kept };
      }
      case "ClientSecretIssued": {
        const { secretId: id, secret, at: issuedAt } = event;
        return { ...row, secrets: [...secrets, { id, secret, issuedAt }] };
      }
      case "ClientSecretRevoked":
        return { ...row, secrets: secrets.filter(({ id }) => id !== event.secretId) };
      case "ClientDisabled":
        return { ...row, status: "disabled" };
      case "ClientEnabled":
        return { ...row, status: "enabled" };
      case "ClientRemoved":
        return undefined;
      default:
        event satisfies never;
        return row;
    }
  },
  index: ({ registeredAt, type, status }) => ({
    sort: registeredAt,
    tags: [`type:${type}`, `status:${status}`],
  }),
};

/** What is registered, without the facts of the event's place. */
function metadataOf(metadata: ClientMetadata): ClientMetadata {
  const { name, tokenEndpointAuthMethod, grantTypes, redirectUris, postLogoutRedirectUris } =
    metadata;
  const { previewRedirectUris, origins, scopes, skipConsent, accessPolicy, lifetimes } = metadata;
  const { logoUri, clientUri, policyUri, tosUri, jwksUri, backchannelLogoutUri } = metadata;
  return {
    name,
    tokenEndpointAuthMethod,
    grantTypes,
    redirectUris,
    postLogoutRedirectUris,
    previewRedirectUris,
    origins,
    scopes,
    skipConsent,
    accessPolicy,
    lifetimes,
    ...(logoUri === undefined ? {} : { logoUri }),
    ...(clientUri === undefined ? {} : { clientUri }),
    ...(policyUri === undefined ? {} : { policyUri }),
    ...(tosUri === undefined ? {} : { tosUri }),
    ...(jwksUri === undefined ? {} : { jwksUri }),
    ...(backchannelLogoutUri === undefined ? {} : { backchannelLogoutUri }),
  };
}
