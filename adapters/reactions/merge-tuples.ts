import * as Effect from "effect/Effect";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import { mergeTuples } from "../../domain/processes/merge-tuples.ts";
import { recorded } from "../codec/codec.ts";
import { userCodec } from "../codec/user.ts";
import { Consumers } from "../ports/consumers.ts";
import { LedgerCorrupt } from "../ports/ledger.ts";
import { rewriteTuples } from "./rewrite-tuples.ts";

const DEADLINE_MS = 5_000;

/**
 * Runs the process `merge-tuples`: for when the request that merged a guest died before it moved
 * their tuples itself.
 */
export const runMergeTuples = Effect.gen(function* () {
  const consumers = yield* Consumers;
  const { name, ledger, handles, react } = mergeTuples;
  const handle = Effect.fnUntraced(function* (record: LedgerRecord) {
    const event = userCodec.decode(record);
    if (event === undefined) {
      const { position, type } = record;
      return yield* new LedgerCorrupt({ ledger, position, problem: `cannot decode ${type}` });
    }
    if (event.type !== "IdentityMerged") return;
    for (const command of react({ ...recorded(event, record, userCodec.category), ...event })) {
      yield* rewriteTuples({
        command,
        mergedBy: record.id,
        meta: movedBy(record),
        deadlineMs: DEADLINE_MS,
      });
    }
  });
  return yield* consumers.run({ name, ledger, handles, handle });
});

/** The process moves them, because of the merge. */
export const movedBy = ({ id, meta }: LedgerRecord) =>
  ({
    actor: `process:${mergeTuples.name}`,
    correlation: meta.correlation,
    causation: id,
  }) as const;
