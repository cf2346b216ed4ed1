import type { ArchitectsEvent } from "../architects/mod.ts";
import type { UserEvent } from "../user/mod.ts";
import type { Process } from "./process.ts";

/** Dismiss somebody who is an architect although they are blocked or erased. */
export type DismissIfUnfit = { readonly type: "DismissIfUnfit"; readonly userId: string };

type Crossing =
  | Extract<ArchitectsEvent, { readonly type: "ArchitectAppointed" }>
  | Extract<UserEvent, { readonly type: "UserBlocked" | "UserErased" }>;

/**
 * An appointment and a block stand in two streams, so neither sees the other when they cross.
 * Whichever comes second finds both.
 */
export const dismissUnfitArchitects: Process<Crossing, DismissIfUnfit> = {
  name: "dismiss-unfit-architects",
  ledger: "identity",
  handles: ["ArchitectAppointed", "UserBlocked", "UserErased"],
  react: (event) => {
    switch (event.type) {
      case "ArchitectAppointed":
        return [{ type: "DismissIfUnfit", userId: event.userId }];
      case "UserBlocked":
      case "UserErased":
        return [{ type: "DismissIfUnfit", userId: event.subject }];
      default:
        return event satisfies never;
    }
  },
};
