import type { Decider } from "../decider.ts";
import { decide, type ProviderCommand, type ProviderOutcome } from "./decide.ts";
import type {
  ProviderAuthMethod,
  ProviderEvent,
  ProviderMetadata,
  ProviderOrigin,
} from "./events.ts";
import { evolve, initial, type Provider } from "./evolve.ts";
import { ISSUER_MAX, isIssuer } from "./issuer.ts";

export type {
  Provider,
  ProviderAuthMethod,
  ProviderCommand,
  ProviderEvent,
  ProviderMetadata,
  ProviderOrigin,
  ProviderOutcome,
};
export { ISSUER_MAX, isIssuer };

/** One outside issuer that people may sign in with, in the stream of its id. */
export const provider: Decider<Provider, ProviderCommand, ProviderEvent, ProviderOutcome> = {
  category: "provider",
  initial,
  evolve,
  decide,
};
