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
      const { type: _, audience, ...metadata } = event;
      return { status: "registered", audience, metadata };
    }
    case "ResourceServerRevised": {
      const { type: _, ...metadata } = event;
      return state.status === "registered" ? { ...state, metadata } : state;
    }
    case "ResourceServerRemoved":
      return { status: "removed" };
    default:
      event satisfies never;
      return state;
  }
}
