import type { VaultReference } from "../vault-reference.ts";
import type { ProviderEvent, ProviderMetadata, ProviderOrigin } from "./events.ts";

/** A closed provider keeps its issuer: subjects of another one would be other people. */
export type Provider =
  | { readonly status: "absent" }
  | { readonly status: "closed"; readonly issuer: string }
  | {
      readonly status: "open";
      readonly issuer: string;
      readonly origin: ProviderOrigin;
      readonly metadata: ProviderMetadata;
      readonly secret?: VaultReference;
    };

export const initial: Provider = { status: "absent" };

export function evolve(state: Provider, event: ProviderEvent): Provider {
  switch (event.type) {
    case "ProviderOpened":
      return opened(event, event.issuer);
    case "ProviderRevised":
      return state.status === "open" ? opened(event, state.issuer) : state;
    case "ProviderClosed":
      return state.status === "open" ? { status: "closed", issuer: state.issuer } : state;
    default:
      event satisfies never;
      return state;
  }
}

type Told = Extract<ProviderEvent, ProviderMetadata>;

function opened(event: Told, issuer: string): Provider {
  const { origin, name, clientId, scopes, authMethod, secret } = event;
  const metadata = { name, clientId, scopes, authMethod };
  return { status: "open", issuer, origin, metadata, ...(secret && { secret }) };
}
