import { endSessions } from "../../domain/processes/end-sessions.ts";
import { endSessionsOf } from "./end-sessions-of.ts";
import { runProcess } from "./run-process.ts";

const DEADLINE_MS = 5_000;

/**
 * Runs the process `end-sessions`: for when the request that caused it died before it did so
 * itself.
 */
export const runEndSessions = runProcess(endSessions, (command, { record, ...caused }) =>
  endSessionsOf({
    command,
    ...caused,
    // A password change or a promotion begins a session of its own right afterwards.
    before: record.at,
    deadlineMs: DEADLINE_MS,
  }),
);
