import * as Cause from "effect/Cause";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Schedule from "effect/Schedule";
import * as Stream from "effect/Stream";
import { Consumers } from "../ports/consumers.ts";
import { Ledgers, START } from "../ports/ledger.ts";

const RETRY_INTERVAL = "100 millis";

/** Until it succeeds; a defect is tried again too, since nothing is skipped. */
const again = <A, E, R>(handling: Effect.Effect<A, E, R>): Effect.Effect<A, Cause.Cause<E>, R> =>
  Effect.retry(Effect.sandbox(handling), {
    while: (cause) => !Cause.hasInterrupts(cause),
    schedule: Schedule.spaced(RETRY_INTERVAL),
  });

/** Consumers that begin at the first position with every process, as the ledger in memory does. */
export const layer: Layer.Layer<Consumers, never, Ledgers> = Layer.effect(
  Consumers,
  Effect.gen(function* () {
    const ledgers = yield* Ledgers;
    return Consumers.of({
      run: ({ ledger, handles, handle }) =>
        Stream.runForEach(ledgers[ledger].follow(START), (records) =>
          Effect.forEach(
            records.filter(({ type }) => handles.includes(type)),
            (record) => again(handle(record)),
            { discard: true },
          ),
        ).pipe(Effect.ignore, Effect.andThen(Effect.never)),
    });
  }),
);
