import * as Context from "effect/Context";
import type { ResourceServerRow } from "../../projections/resource-servers.ts";
import type { InMemoryModel } from "./in-memory-model.ts";

/** The read model `resource_servers`, in memory: every token for an API asks for one. */
export class ResourceServers extends Context.Service<
  ResourceServers,
  InMemoryModel<ResourceServerRow>
>()("authledger/adapters/ports/ResourceServers") {}
