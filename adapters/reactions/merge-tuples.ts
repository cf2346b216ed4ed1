import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import { mergeTuples } from "../../domain/processes/merge-tuples.ts";
import { rewriteTuples } from "./rewrite-tuples.ts";
import { causedBy, runProcess } from "./run-process.ts";

const DEADLINE_MS = 5_000;

/**
 * Runs the process `merge-tuples`: for when the request that merged a guest died before it moved
 * their tuples itself.
 */
export const runMergeTuples = runProcess(mergeTuples, (command, { record, meta }) =>
  rewriteTuples({ command, mergedBy: record.id, meta, deadlineMs: DEADLINE_MS }),
);

/** The process moves them, because of the merge. */
export const movedBy = (record: LedgerRecord) => causedBy(record, mergeTuples.name);
