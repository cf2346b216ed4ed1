import { expect } from "vitest";
import type { Decider } from "../../domain/decider.ts";

/** `given(decider, ...past).when(command).then(outcome, ...events)`: exact, ordered, complete. */
export function given<State, Command, Event, Outcome>(
  decider: Decider<State, Command, Event, Outcome>,
  ...past: ReadonlyArray<Event>
) {
  return {
    when: (command: Command) => ({
      // biome-ignore lint/suspicious/noThenProperty: reads as given, when, then; nobody awaits it
      then: (outcome: Outcome, ...events: ReadonlyArray<Event>) =>
        expect(decider.decide(command, past.reduce(decider.evolve, decider.initial))).toStrictEqual(
          { events, outcome },
        ),
    }),
  };
}
