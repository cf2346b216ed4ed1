import { expect } from "vitest";
import type { Decider } from "../../domain/decider.ts";

/** Decides each command on what the ones before it left; answers every event in order. */
export function play<State, Command, Event, Outcome>(
  decider: Decider<State, Command, Event, Outcome>,
  commands: ReadonlyArray<Command>,
  afterEach: (state: State, events: ReadonlyArray<Event>) => void = () => {},
): ReadonlyArray<Event> {
  const history: Array<Event> = [];
  let state = decider.initial;
  for (const command of commands) {
    const { events } = decider.decide(command, state);
    for (const event of events) {
      history.push(event);
      state = decider.evolve(state, event);
      afterEach(state, history);
    }
  }
  return history;
}

/** A command decided again on what it left appends nothing and answers the same. */
export function expectRetryAppendsNothing<State, Command, Event, Outcome>(
  decider: Decider<State, Command, Event, Outcome>,
  commands: ReadonlyArray<Command>,
): void {
  let state = decider.initial;
  for (const command of commands) {
    const first = decider.decide(command, state);
    state = first.events.reduce(decider.evolve, state);
    const again = decider.decide(command, state);
    expect(again.events).toEqual([]);
    expect(again.outcome).toBe(first.outcome);
  }
}

/** State kept from a prefix and continued is the state folded from the start. */
export function expectFoldsInParts<State, Command, Event, Outcome>(
  decider: Decider<State, Command, Event, Outcome>,
  history: ReadonlyArray<Event>,
  cut: number,
): void {
  const frozen = Object.freeze(history.slice(0, cut).reduce(decider.evolve, decider.initial));
  const continued = history.slice(cut).reduce(decider.evolve, frozen);
  expect(continued).toEqual(history.reduce(decider.evolve, decider.initial));
}
