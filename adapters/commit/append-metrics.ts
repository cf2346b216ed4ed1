import type * as Context from "effect/Context";
import * as Metric from "effect/Metric";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import type { Append } from "../ports/ledger.ts";

/** Seconds, from one local round trip to a database that is being restarted. */
const SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** Up to what one flush takes at most. */
const REQUESTS = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const MS_PER_SECOND = 1_000;

/** What a queue of appends tells of itself; the clock is `performance.now()`, in ms. */
export type AppendMeter = {
  readonly queue: (length: () => number) => Metric.Registration;
  readonly waited: (ms: number) => void;
  readonly flushed: (requests: number, ms: number) => void;
  readonly appended: (request: Append) => void;
};

/** Records into the registry of the context; a recording costs a look-up in a map. */
export function appendMeter(ledger: LedgerName, context: Context.Context<never>): AppendMeter {
  const attributes = { ledger };
  const queued = Metric.gauge("authledger_append_queue_length", {
    description: "Appends that wait for a flush",
    attributes,
  });
  const wait = Metric.histogram("authledger_append_wait_seconds", {
    description: "Time from the request of an append to its flush",
    boundaries: SECONDS,
    attributes,
  });
  const size = Metric.histogram("authledger_flush_requests", {
    description: "Appends that went with one flush",
    boundaries: REQUESTS,
    attributes,
  });
  const duration = Metric.histogram("authledger_flush_duration_seconds", {
    description: "Time of one flush: one function call in the database",
    boundaries: SECONDS,
    attributes,
  });
  const events = new Map<string, Metric.Counter<number>>();
  const counterOf = (type: string) => {
    let counter = events.get(type);
    if (counter === undefined) {
      const description = "Events that this process appended";
      const labels = { ledger, type };
      counter = Metric.counter("authledger_events_total", { description, attributes: labels });
      events.set(type, counter);
    }
    return counter;
  };
  const still = () => {};
  return {
    queue: (length) =>
      Metric.registerUnsafe(queued, context, {
        get: () => ({ value: length() }),
        update: still,
        modify: still,
      }),
    waited: (ms) => wait.updateUnsafe(ms / MS_PER_SECOND, context),
    flushed: (requests, ms) => {
      size.updateUnsafe(requests, context);
      duration.updateUnsafe(ms / MS_PER_SECOND, context);
    },
    appended: ({ entries }) => {
      for (const { type } of entries) counterOf(type).updateUnsafe(1, context);
    },
  };
}
