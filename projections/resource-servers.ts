import type { SigningAlgorithm } from "../domain/keyring/mod.ts";
import type {
  ResourceServerEvent,
  ResourceServerMetadata,
  Scope,
} from "../domain/resource-server/mod.ts";
import type { Projection } from "./projection.ts";

/** One API that access tokens are issued for. */
export type ResourceServerRow = {
  readonly id: string;
  readonly audience: string;
  readonly name: string;
  readonly scopes: ReadonlyArray<Scope>;
  readonly signingAlgorithm?: SigningAlgorithm;
  readonly registeredAt: string;
  readonly revisedAt: string;
};

/** Answers "which APIs are there, and what may be asked of each?". */
export const resourceServers: Projection<ResourceServerRow, ResourceServerEvent> = {
  name: "resource_servers",
  version: 1,
  ledger: "identity",
  handles: ["ResourceServerRegistered", "ResourceServerRevised", "ResourceServerRemoved"],
  keys: (event) => [event.subject],
  evolve: (row, event, key) => {
    switch (event.type) {
      case "ResourceServerRegistered": {
        const { audience, at } = event;
        return { id: key, audience, ...metadataOf(event), registeredAt: at, revisedAt: at };
      }
      case "ResourceServerRevised": {
        const { at } = event;
        return row && { ...row, ...metadataOf(event), revisedAt: at };
      }
      case "ResourceServerRemoved":
        return undefined;
      default:
        event satisfies never;
        return row;
    }
  },
  index: ({ registeredAt }) => ({ sort: registeredAt, tags: [] }),
};

function metadataOf({ name, scopes, signingAlgorithm }: ResourceServerMetadata) {
  return { name, scopes, ...(signingAlgorithm === undefined ? {} : { signingAlgorithm }) };
}
