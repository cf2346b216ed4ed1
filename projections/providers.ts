import type { ProviderEvent, ProviderMetadata, ProviderOrigin } from "../domain/provider/mod.ts";
import type { VaultReference } from "../domain/vault-reference.ts";
import type { Projection } from "./projection.ts";

/** One outside issuer that people may, or once might, sign in with. */
export type ProviderRow = ProviderMetadata & {
  readonly id: string;
  readonly issuer: string;
  readonly status: "open" | "closed";
  readonly origin: ProviderOrigin;
  readonly secret?: VaultReference;
  readonly openedAt: string;
  readonly revisedAt: string;
};

/** Answers "where may people come from?". */
export const providers: Projection<ProviderRow, ProviderEvent> = {
  name: "providers",
  version: 1,
  ledger: "identity",
  handles: ["ProviderOpened", "ProviderRevised", "ProviderClosed"],
  keys: (event) => [event.subject],
  evolve: (row, event, key) => {
    const { at } = event;
    switch (event.type) {
      case "ProviderOpened": {
        const { issuer } = event;
        return { id: key, issuer, status: "open", openedAt: at, revisedAt: at, ...toldBy(event) };
      }
      case "ProviderRevised": {
        if (row === undefined) return undefined;
        const { id, issuer, status, openedAt } = row;
        return { id, issuer, status, openedAt, revisedAt: at, ...toldBy(event) };
      }
      case "ProviderClosed": {
        if (row === undefined) return undefined;
        const { secret: _, ...kept } = row;
        return { ...kept, status: "closed", revisedAt: at };
      }
      default:
        event satisfies never;
        return row;
    }
  },
  index: ({ openedAt, status }) => ({ sort: openedAt, tags: [`status:${status}`] }),
};

type Told = Extract<ProviderEvent, ProviderMetadata>;

function toldBy({ name, clientId, scopes, authMethod, origin, secret }: Told) {
  return { name, clientId, scopes, authMethod, origin, ...(secret && { secret }) };
}
