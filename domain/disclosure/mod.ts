import type { Decider } from "../decider.ts";
import type { DisclosureEvent } from "./events.ts";

export type DisclosureCommand = {
  readonly type: "OpenPersonalData";
  readonly userId: string;
  readonly what: DisclosureEvent["what"];
};
export type DisclosureOutcome = "opened";
export type { DisclosureEvent };

/** Each opening is a fact by itself, so the append expects `any` and nothing is folded. */
export const disclosure: Decider<null, DisclosureCommand, DisclosureEvent, DisclosureOutcome> = {
  category: "disclosure",
  initial: null,
  evolve: (state) => state,
  decide: ({ userId, what }) => ({
    events: [{ type: "PersonalDataOpened", userId, what }],
    outcome: "opened",
  }),
};
