import type { Decider } from "../decider.ts";
import { spelled } from "./audience.ts";
import { decide, type ResourceServerCommand, type ResourceServerOutcome } from "./decide.ts";
import type { ResourceServerEvent, ResourceServerMetadata, Scope } from "./events.ts";
import { evolve, initial, type ResourceServer } from "./evolve.ts";

export type {
  ResourceServerCommand,
  ResourceServerEvent,
  ResourceServerMetadata,
  ResourceServerOutcome,
  Scope,
};

export { spelled };

/** One API that access tokens are issued for. */
export const resourceServer: Decider<
  ResourceServer,
  ResourceServerCommand,
  ResourceServerEvent,
  ResourceServerOutcome
> = { category: "resource-server", initial, evolve, decide };
