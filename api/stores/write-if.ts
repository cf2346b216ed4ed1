import * as Effect from "effect/Effect";
import { tuplesCodec } from "../../adapters/codec/tuples.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { PastHead } from "../../adapters/ports/read-models.ts";
import type { Meta } from "../../domain/ledger/entry.ts";
import { type TuplesCommand, type TuplesOutcome, tuples } from "../../domain/tuples/mod.ts";

type Write = {
  readonly storeId: string;
  readonly requestId: string;
  readonly command: TuplesCommand;
  readonly meta: Meta;
};

type Written = {
  readonly outcome: TuplesOutcome | "position_moved";
  readonly position: number | undefined;
};

/**
 * Compare-and-set: writes only if no tuple of the store was written after the position. What is
 * compared is the stream's last event, and the append expects exactly that one.
 */
export const writeIf = (ifPosition: number, { storeId, requestId, command, meta }: Write) =>
  Effect.gen(function* () {
    const { identity } = yield* Ledgers;
    const head = (yield* identity.head).position;
    if (ifPosition > head) return yield* new PastHead({ wanted: ifPosition, head });
    const stream = `${tuples.category}-${storeId}`;
    const [last] = yield* identity.read({ stream, direction: "backwards", limit: 1 });
    const moved: Written = { outcome: "position_moved", position: undefined };
    const { events, outcome } = tuples.decide(command, tuples.initial);
    if (events.length === 0) return { outcome, position: undefined } satisfies Written;
    // Sent all the same when it has moved: by a request that was applied before, it is told so.
    const unmoved = last !== undefined && last.position <= ifPosition;
    return yield* identity
      .append({
        requestId,
        stream,
        expect: unmoved ? { exact: last.revision } : "none",
        entries: events.map(tuplesCodec.encode),
        meta,
      })
      .pipe(
        Effect.map(({ position }): Written => ({ outcome, position })),
        Effect.catchTag("RevisionConflict", () => Effect.succeed(moved)),
      );
  });
