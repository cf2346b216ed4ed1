import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Metric from "effect/Metric";
import { expect, test } from "vitest";
import { appendMeter } from "../../../adapters/commit/append-metrics.ts";
import { groupCommit } from "../../../adapters/commit/group-commit.ts";
import type { Append } from "../../../adapters/ports/ledger.ts";

const request = (requestId: string): Append => ({
  requestId,
  stream: "user-1",
  expect: "any",
  entries: [{ type: "UserSignedUp", schema: 1, data: {} }],
  meta: { actor: "operator:test", correlation: requestId },
});

test("a queue tells its length, and each flush its size and what was appended anew", async () => {
  const context = Context.make(Metric.MetricRegistry, new Map());
  const valuesOf = () =>
    Metric.snapshotUnsafe(context).map(({ id, attributes, state }) => [
      id,
      attributes?.["type"],
      "count" in state ? state.count : "value" in state ? state.value : undefined,
    ]);
  const queued: Array<unknown> = [];
  await Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        let repeated = false;
        const { append } = yield* groupCommit(
          (batch) => {
            queued.push(valuesOf().find(([id]) => id === "authledger_append_queue_length")?.[2]);
            const outcomes = batch.map(() => ({
              appended: { position: 1, revision: 0, repeated },
            }));
            repeated = true;
            return Effect.as(Effect.yieldNow, outcomes);
          },
          appendMeter("identity", context),
        );
        yield* Effect.all([append(request("a")), append(request("b"))], {
          concurrency: "unbounded",
        });
        // The same id twice never shares a flush: the second waits in the queue.
        yield* Effect.all([append(request("a")), append(request("a"))], {
          concurrency: "unbounded",
        });
      }),
    ),
  );
  expect(queued).toEqual([0, 1, 0]);
  expect(valuesOf().toSorted()).toEqual([
    ["authledger_append_wait_seconds", undefined, 4],
    ["authledger_events_total", "UserSignedUp", 2],
    ["authledger_flush_duration_seconds", undefined, 3],
    ["authledger_flush_requests", undefined, 3],
  ]);
});
