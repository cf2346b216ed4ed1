import type { Decider } from "../decider.ts";
import { decide, STORE_NAME, type StoreCommand, type StoreOutcome } from "./decide.ts";
import type { StoreEvent } from "./events.ts";
import { evolve, initial, type Store } from "./evolve.ts";
import { PLATFORM_STORE, PLATFORM_STORE_NAME } from "./platform.ts";

export type { Store, StoreCommand, StoreEvent, StoreOutcome };
export { PLATFORM_STORE, PLATFORM_STORE_NAME, STORE_NAME };

/** One authorization store, in the stream of its id. */
export const store: Decider<Store, StoreCommand, StoreEvent, StoreOutcome> = {
  category: "store",
  initial,
  evolve,
  decide,
};
