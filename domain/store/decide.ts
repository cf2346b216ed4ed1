import type { Decision } from "../decider.ts";
import type { StoreEvent } from "./events.ts";
import type { Store } from "./evolve.ts";

export type StoreCommand = { readonly type: "CreateStore"; readonly name: string };

export type StoreOutcome = "created" | "already_exists" | "invalid_name";

/** A store's name: 1 to 128 characters, none of them a control character or a lone surrogate. */
export const STORE_NAME = /^[^\p{Cc}\p{Cs}]{1,128}$/u;

/** Decides the life of one authorization store; its id, not its name, is what makes it one. */
export function decide(command: StoreCommand, state: Store): Decision<StoreEvent, StoreOutcome> {
  switch (command.type) {
    case "CreateStore":
      if (!STORE_NAME.test(command.name)) return { events: [], outcome: "invalid_name" };
      if (state !== undefined) {
        return { events: [], outcome: state.name === command.name ? "created" : "already_exists" };
      }
      return { events: [{ type: "StoreCreated", name: command.name }], outcome: "created" };
    default:
      return command.type satisfies never;
  }
}
