import * as Context from "effect/Context";
import type { ClientRow } from "../../projections/clients.ts";
import type { InMemoryModel } from "./in-memory-model.ts";

/** The read model `clients`, in memory: every request for a token asks for one. */
export class RegisteredClients extends Context.Service<
  RegisteredClients,
  InMemoryModel<ClientRow>
>()("authledger/adapters/ports/RegisteredClients") {}
