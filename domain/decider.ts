/** What one command did: facts to append (maybe none) and the answer for the caller. */
export type Decision<Event, Outcome> = {
  readonly events: ReadonlyArray<Event>;
  readonly outcome: Outcome;
};

/** One aggregate: how its facts fold into state, and how a command turns state into facts. */
export type Decider<State, Command, Event, Outcome> = {
  /** The stream name is `<category>-<id>`. */
  readonly category: string;
  readonly initial: State;
  readonly evolve: (state: State, event: Event) => State;
  readonly decide: (command: Command, state: State) => Decision<Event, Outcome>;
};
