import * as Context from "effect/Context";
import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Schedule from "effect/Schedule";
import * as Semaphore from "effect/Semaphore";
import type { Decider } from "../domain/decider.ts";
import type { Meta } from "../domain/ledger/entry.ts";
import type { EventCodec } from "./codec/codec.ts";
import {
  type Append,
  type AppendError,
  LedgerCorrupt,
  Ledgers,
  type LedgerUnavailable,
  READ_LIMIT_MAX,
  type RevisionConflict,
} from "./ports/ledger.ts";

/** A stream contended by more writers than this is a modelling mistake, not bad luck. */
const CONFLICT_RETRIES_MAX = 12;
const CONFLICT_DELAY = Duration.millis(2);
const CONFLICT_DELAY_MAX = Duration.millis(100);

/** States kept in memory; past it the one unused for longest is folded anew when asked for. */
const STATES_MAX = 10_000;

type Aggregate<State, Command, Event extends { readonly type: string }, Outcome> = {
  readonly decider: Decider<State, Command, Event, Outcome>;
  readonly codec: EventCodec<Event>;
};

export type Transaction<
  State,
  Command,
  Event extends { readonly type: string },
  Outcome,
> = Aggregate<State, Command, Event, Outcome> & {
  readonly id: string;
  readonly requestId: string;
  readonly command: Command;
  readonly meta: Meta;
  /** What happens in the same transaction as the events, when there are any. */
  readonly along?: (
    events: ReadonlyArray<Event>,
    state: State,
  ) => Pick<Append, "claims" | "vault" | "dataKeys">;
  /** `any`: the decision needs no history, nothing is read and no revision is checked. */
  readonly expect?: "any";
};

export type Transacted<Outcome> = {
  readonly outcome: Outcome;
  /** Of the last event; undefined when the decision appended nothing. */
  readonly position: number | undefined;
};

/** Folded state at a revision (-1: the stream is empty). */
export type Folded<State> = { readonly state: State; readonly revision: number };

/**
 * States of recently used streams in this process; a stale one costs a read of the tail, never a
 * wrong decision.
 */
export class States extends Context.Service<
  States,
  {
    readonly kept: Map<string, Folded<unknown>>;
    /** Who lost a race for a stream, by stream: they take turns and lose no further one here. */
    readonly turns: Map<string, { readonly turn: Semaphore.Semaphore; waiting: number }>;
  }
>()("authledger/adapters/States") {
  static readonly layer = Layer.sync(States, () => ({ kept: new Map(), turns: new Map() }));
}

/** The state of one aggregate at the head of its stream. */
export const load = Effect.fnUntraced(function* <
  State,
  Command,
  Event extends { readonly type: string },
  Outcome,
>(
  { decider, codec }: Aggregate<State, Command, Event, Outcome>,
  id: string,
): Effect.fn.Return<Folded<State>, LedgerUnavailable | LedgerCorrupt, Ledgers | States> {
  const ledger = (yield* Ledgers)[codec.ledger];
  const { kept } = yield* States;
  const stream = `${decider.category}-${id}`;
  let { state, revision } = (kept.get(stream) as Folded<State> | undefined) ?? {
    state: decider.initial,
    revision: -1,
  };
  for (;;) {
    const tail = yield* ledger.read({ stream, from: revision + 1 });
    for (const record of tail) {
      const event = codec.decode(record);
      if (event === undefined) {
        const { position, type, schema } = record;
        const problem = `cannot decode ${type} of schema ${schema}`;
        return yield* new LedgerCorrupt({ ledger: codec.ledger, position, problem });
      }
      state = decider.evolve(state, event);
      revision = record.revision;
    }
    if (tail.length < READ_LIMIT_MAX) break;
  }
  keep(kept, stream, { state, revision });
  return { state, revision };
});

/** Loads one stream, decides, appends at the revision it read; decides again on a lost race. */
export const transact = Effect.fn("transact")(
  function* <State, Command, Event extends { readonly type: string }, Outcome>(
    transaction: Transaction<State, Command, Event, Outcome>,
  ): Effect.fn.Return<Transacted<Outcome>, AppendError | LedgerCorrupt, Ledgers | States> {
    const { decider, codec, id, requestId, command, meta } = transaction;
    const blind = transaction.expect === "any";
    const { state, revision } = blind
      ? { state: decider.initial, revision: -1 }
      : yield* load(transaction, id);
    const { events, outcome } = decider.decide(command, state);
    if (events.length === 0) return { outcome, position: undefined };
    const stream = `${decider.category}-${id}`;
    const { kept } = yield* States;
    const append = (yield* Ledgers)[codec.ledger].append({
      requestId,
      stream,
      expect: blind ? "any" : revision < 0 ? "none" : { exact: revision },
      entries: events.map(codec.encode),
      meta,
      ...transaction.along?.(events, state),
    });
    // A state ahead of its stream comes from a history that is gone: it would conflict for ever.
    const forget = ({ actual }: RevisionConflict) =>
      Effect.sync(() => actual < revision && kept.delete(stream));
    const appended = yield* Effect.tapErrorTag(append, "RevisionConflict", forget);
    if (!blind && !appended.repeated) {
      keep(kept, stream, {
        state: events.reduce(decider.evolve, state),
        revision: appended.revision,
      });
    }
    return { outcome, position: appended.position };
  },
  (attempt, { decider, id }) => {
    const again = Effect.retry(attempt, {
      while: (error) => error._tag === "RevisionConflict",
      schedule: Schedule.jittered(
        Schedule.min([Schedule.exponential(CONFLICT_DELAY), Schedule.spaced(CONFLICT_DELAY_MAX)]),
      ),
      times: CONFLICT_RETRIES_MAX - 1,
    });
    const stream = `${decider.category}-${id}`;
    return Effect.catchTag(attempt, "RevisionConflict", () => inTurn(stream, again));
  },
);

/** One at a time of this process and stream. */
const inTurn = <A, E, R>(stream: string, use: Effect.Effect<A, E, R>) =>
  Effect.flatMap(States, ({ turns }) => {
    const held = turns.get(stream) ?? { turn: Semaphore.makeUnsafe(1), waiting: 0 };
    turns.set(stream, held);
    held.waiting++;
    const leave = Effect.sync(() => {
      held.waiting--;
      if (held.waiting === 0) turns.delete(stream);
    });
    return held.turn.withPermit(use).pipe(Effect.ensuring(leave));
  });

function keep(kept: Map<string, Folded<unknown>>, stream: string, folded: Folded<unknown>): void {
  const before = kept.get(stream);
  if (before !== undefined && before.revision > folded.revision) return;
  kept.delete(stream);
  kept.set(stream, folded);
  if (kept.size > STATES_MAX) {
    for (const oldest of kept.keys()) {
      kept.delete(oldest);
      break;
    }
  }
}
