import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Stream from "effect/Stream";
import { tryUntilHandled } from "../commit/try-until-handled.ts";
import { type ConsumerStatus, Consumers, isConcerned } from "../ports/consumers.ts";
import { Ledgers, START } from "../ports/ledger.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";

/** Consumers that begin at the first position with every process, as the ledger in memory does. */
export const layer: Layer.Layer<Consumers, never, Ledgers> = Layer.effect(
  Consumers,
  Effect.gen(function* () {
    const ledgers = yield* Ledgers;
    const standing = new Map<string, Omit<ConsumerStatus, "head">>();
    return Consumers.of({
      run: (consumer) => {
        const { name, ledger } = consumer;
        const stand = (position: number) => standing.set(name, { name, ledger, position });
        stand(0);
        return Stream.runForEach(ledgers[ledger].follow(START), (records) =>
          Effect.forEach(
            records,
            (record) =>
              Effect.gen(function* () {
                if (isConcerned(consumer, record)) {
                  yield* tryUntilHandled(consumer, record, ({ problem, tries }) =>
                    Effect.map(Clock.currentTimeMillis, (now) => {
                      const before = standing.get(name);
                      const since = before?.since ?? new Date(now).toISOString();
                      const position = record.position - 1;
                      standing.set(name, { name, ledger, position, problem, since, tries });
                    }),
                  );
                }
                stand(record.position);
              }),
            { discard: true },
          ),
        ).pipe(Effect.ignore, Effect.andThen(Effect.never));
      },
      status: Effect.suspend(() =>
        Effect.forEach([...standing.values()], (each) =>
          Effect.map(ledgers[each.ledger].head, ({ position: head }) => ({ ...each, head })),
        ),
      ).pipe(Effect.mapError(storeUnavailable)),
    });
  }),
);
