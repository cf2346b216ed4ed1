import * as Effect from "effect/Effect";
import { endRevokedSessions } from "../../domain/processes/end-revoked-sessions.ts";
import type { SessionEndReason } from "../../domain/session/mod.ts";
import { ReadModels } from "../ports/read-models.ts";
import { DAY_MS, endThose, LIVE_DAYS_MAX, liveSince } from "./live-sessions.ts";
import { runProcess } from "./run-process.ts";

const DEADLINE_MS = 5_000;

/**
 * Runs the process `end-revoked-sessions`. Nobody waits for it: the revocation itself is what
 * refuses the sessions, however many they are.
 */
export const runEndRevokedSessions = runProcess(
  endRevokedSessions,
  ({ userId, except }, { record: { position, at }, ...caused }) =>
    Effect.gen(function* () {
      yield* (yield* ReadModels).reach("sessions", position, DEADLINE_MS);
      for (const tag of userId === undefined ? everyDayBefore(at) : [`live:${userId}`]) {
        yield* endThose(tag, caused, (rows) =>
          Effect.succeed(
            new Map(
              rows
                .filter((row) => row.position < position && row.id !== except)
                .map((row): [string, SessionEndReason] => [row.id, "revoked"]),
            ),
          ),
        );
      }
    }),
);

/** The next day too, for clocks that disagree about midnight. */
function everyDayBefore(at: string): ReadonlyArray<string> {
  const days = Array.from({ length: LIVE_DAYS_MAX + 2 }, (_, day) => day - 1);
  return days.map((day) => liveSince(Date.parse(at) - day * DAY_MS));
}
