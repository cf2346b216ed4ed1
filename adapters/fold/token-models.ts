import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { type ClientRow, clients } from "../../projections/clients.ts";
import { type ResourceServerRow, resourceServers } from "../../projections/resource-servers.ts";
import type { InMemoryModel } from "../ports/in-memory-model.ts";
import type { Ledgers } from "../ports/ledger.ts";
import type { ReadModels } from "../ports/read-models.ts";
import { RegisteredClients } from "../ports/registered-clients.ts";
import { ResourceServers } from "../ports/resource-servers.ts";
import type { SigningKeys } from "../ports/signing-keys.ts";
import { inMemoryModel } from "./in-memory-model.ts";
import { layer as signingKeys } from "./signing-keys.ts";

/** What every token is made from, over the ledger that this process follows. */
export const layer: Layer.Layer<
  SigningKeys | RegisteredClients | ResourceServers,
  never,
  Ledgers | ReadModels
> = Layer.mergeAll(
  signingKeys,
  Layer.effect(
    RegisteredClients,
    Effect.map(inMemoryModel(clients), (model) => model as InMemoryModel<ClientRow>),
  ),
  Layer.effect(
    ResourceServers,
    Effect.map(
      inMemoryModel(resourceServers),
      (model) => model as InMemoryModel<ResourceServerRow>,
    ),
  ),
);
