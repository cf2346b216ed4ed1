import type { VaultReference } from "../vault-reference.ts";
import type { ClientEvent } from "./events.ts";
import type { ClientMetadata, ClientType } from "./metadata.ts";

export type Client = {
  readonly status: "absent" | "enabled" | "disabled" | "removed";
  readonly kind?: ClientType;
  readonly metadata?: ClientMetadata;
  /** By id, oldest first. */
  readonly secrets: ReadonlyArray<{ readonly id: string; readonly secret: VaultReference }>;
  /** Ids of those that it has had. */
  readonly revoked: ReadonlyArray<string>;
};

export const initial: Client = { status: "absent", secrets: [], revoked: [] };

export function evolve(state: Client, event: ClientEvent): Client {
  switch (event.type) {
    case "ClientRegistered": {
      const { type: _, kind, ...metadata } = event;
      return { status: "enabled", kind, metadata, secrets: [], revoked: [] };
    }
    case "ClientRevised": {
      const { type: _, ...metadata } = event;
      return { ...state, metadata };
    }
    case "ClientSecretIssued": {
      const { secretId: id, secret } = event;
      return { ...state, secrets: [...state.secrets, { id, secret }] };
    }
    case "ClientSecretRevoked":
      return {
        ...state,
        secrets: state.secrets.filter(({ id }) => id !== event.secretId),
        revoked: [...state.revoked, event.secretId],
      };
    case "ClientDisabled":
      return { ...state, status: "disabled" };
    case "ClientEnabled":
      return { ...state, status: "enabled" };
    case "ClientRemoved":
      return { status: "removed", secrets: [], revoked: [] };
    default:
      event satisfies never;
      return state;
  }
}
