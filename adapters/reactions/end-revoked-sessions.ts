import * as Effect from "effect/Effect";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import { endRevokedSessions } from "../../domain/processes/end-revoked-sessions.ts";
import type { SessionEndReason } from "../../domain/session/mod.ts";
import { recorded } from "../codec/codec.ts";
import { revocationCodec } from "../codec/revocation.ts";
import { Consumers } from "../ports/consumers.ts";
import { LedgerCorrupt } from "../ports/ledger.ts";
import { ReadModels } from "../ports/read-models.ts";
import { DAY_MS, endThose, LIVE_DAYS_MAX, liveSince } from "./live-sessions.ts";

const DEADLINE_MS = 5_000;

/**
 * Runs the process `end-revoked-sessions`. Nobody waits for it: the revocation itself is what
 * refuses the sessions, however many they are.
 */
export const runEndRevokedSessions = Effect.gen(function* () {
  const { name, ledger, handles, react } = endRevokedSessions;
  const { reach } = yield* ReadModels;
  const handle = Effect.fnUntraced(function* (record: LedgerRecord) {
    const { position, type, at, meta, id } = record;
    const event = revocationCodec.decode(record);
    if (event === undefined) {
      return yield* new LedgerCorrupt({ ledger, position, problem: `cannot decode ${type}` });
    }
    yield* reach("sessions", position, DEADLINE_MS);
    const commands = react(recorded(event, record, revocationCodec.category));
    for (const [index, { userId, except }] of commands.entries()) {
      const ending = {
        requestId: `${id}/${name}/${index}`,
        meta: {
          actor: `process:${name}`,
          correlation: meta.correlation,
          causation: id,
        },
      } as const;
      for (const tag of userId === undefined ? everyDayBefore(at) : [`live:${userId}`]) {
        yield* endThose(tag, ending, (rows) =>
          Effect.succeed(
            new Map(
              rows
                .filter((row) => row.position < position && row.id !== except)
                .map((row): [string, SessionEndReason] => [row.id, "revoked"]),
            ),
          ),
        );
      }
    }
  });
  return yield* (yield* Consumers).run({ name, ledger, handles, handle });
});

/** The next day too, for clocks that disagree about midnight. */
function everyDayBefore(at: string): ReadonlyArray<string> {
  const days = Array.from({ length: LIVE_DAYS_MAX + 2 }, (_, day) => day - 1);
  return days.map((day) => liveSince(Date.parse(at) - day * DAY_MS));
}
