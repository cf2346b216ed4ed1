import type { ResourceServerEvent, ResourceServerMetadata } from "./events.ts";

export type ResourceServer =
  | { readonly status: "absent" | "removed" }
  | {
      readonly status: "registered";
      readonly audience: string;
      readonly metadata: ResourceServerMetadata;
    };

export const initial: ResourceServer = { status: "absent" };

export function evolve(state: ResourceServer, event: ResourceServerEvent): ResourceServer {
  switch (event.type) {
    case "ResourceServerRegistered": {
      const { audience, name, scopes } = event;
      return { status: "registered", audience, metadata: { name, scopes } };
    }
    case "ResourceServerRevised": {
      const { name, scopes } = event;
      return state.status === "registered" ? { ...state, metadata: { name, scopes } } : state;
    }
    case "ResourceServerRemoved":
      return { status: "removed" };
    default:
      event satisfies never;
      return state;
  }
}
