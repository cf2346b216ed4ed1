import type { StoreEvent } from "./events.ts";

/** Undefined until the store is created. */
export type Store = { readonly name: string } | undefined;

export const initial: Store = undefined;

export function evolve(state: Store, event: StoreEvent): Store {
  switch (event.type) {
    case "StoreCreated":
      return { name: event.name };
    default:
      event.type satisfies never;
      return state;
  }
}
