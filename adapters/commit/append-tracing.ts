import * as Effect from "effect/Effect";
import type * as Tracer from "effect/Tracer";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import type { Append } from "../ports/ledger.ts";

type Around = {
  readonly append: <A, E>(request: Append, work: Effect.Effect<A, E>) => Effect.Effect<A, E>;
  readonly flush: <A, E>(
    batch: ReadonlyArray<Append>,
    work: Effect.Effect<A, E>,
  ) => Effect.Effect<A, E>;
};

const UNTRACED: Around = { append: (_, work) => work, flush: (_, work) => work };

/**
 * Spans of appends and of the flushes that they share. A flush is in the trace of the first append
 * that it carries, and linked with the others in both directions.
 */
export function appendTracing(ledger: LedgerName, traced: boolean): Around {
  if (!traced) return UNTRACED;
  const spans = new WeakMap<Append, Tracer.Span>();
  return {
    append: (request, work) =>
      Effect.currentSpan.pipe(
        Effect.orDie,
        Effect.flatMap((span) => {
          spans.set(request, span);
          return work;
        }),
        Effect.withSpan("append", {
          attributes: {
            "authledger.ledger": ledger,
            "authledger.stream.category": request.stream.split("-", 1)[0],
            "authledger.event.types": request.entries.map(({ type }) => type),
            "authledger.correlation": request.meta.correlation,
          },
        }),
      ),
    flush: (batch, work) => {
      const [parent, ...others] = batch.flatMap((request) => spans.get(request) ?? []);
      if (parent === undefined) return work;
      return Effect.currentSpan.pipe(
        Effect.orDie,
        Effect.flatMap((span) => {
          for (const other of others) other.addLinks([{ span, attributes: {} }]);
          return work;
        }),
        Effect.withSpan("flush", {
          parent,
          links: others.map((span) => ({ span, attributes: {} })),
          attributes: { "authledger.ledger": ledger, "authledger.flush.requests": batch.length },
        }),
      );
    },
  };
}
