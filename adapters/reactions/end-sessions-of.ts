import * as Effect from "effect/Effect";
import type { Meta } from "../../domain/ledger/entry.ts";
import type { EndSessionsOf } from "../../domain/processes/end-sessions.ts";
import { session } from "../../domain/session/mod.ts";
import { sessionCodec } from "../codec/session.ts";
import { Ledgers } from "../ports/ledger.ts";
import { ReadModels } from "../ports/read-models.ts";
import { transact } from "../transact.ts";

/** Sessions ended side by side at most. */
const CONCURRENCY = 16;
const PAGE = 200;

export type Ending = {
  readonly command: EndSessionsOf;
  /**
   * Only sessions that began before this time (RFC 3339); without it, all that have begun by now.
   */
  readonly before?: string;
  /** Each session's request id begins with it. */
  readonly requestId: string;
  readonly meta: Meta;
  readonly deadlineMs: number;
};

/**
 * Ends a user's sessions. Idempotent: a session that has ended stays as it ended. One that begins
 * meanwhile is refused by the user's own state where it must not pass.
 */
export const endSessionsOf = Effect.fn("endSessionsOf")(function* (ending: Ending) {
  const { before } = ending;
  const { userId, reason, except } = ending.command;
  const { list, reach } = yield* ReadModels;
  const head = yield* (yield* Ledgers).activity.head;
  yield* reach("sessions", head.position, ending.deadlineMs);
  const live: Array<string> = [];
  let cursor: string | undefined;
  do {
    const page = yield* list("sessions", {
      tags: [`live:${userId}`],
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { key, row } of page.items) {
      const later = before !== undefined && String(row["startedAt"]) >= before;
      if (key !== except && !later) live.push(key);
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  const positions = yield* Effect.forEach(
    live,
    (sessionId) =>
      transact({
        decider: session,
        codec: sessionCodec,
        id: sessionId,
        requestId: `${ending.requestId}/${sessionId}`,
        command: { type: "EndSession", reason },
        meta: ending.meta,
        along: () => ({ vault: { remove: [sessionId] } }),
      }),
    { concurrency: CONCURRENCY },
  );
  const last = Math.max(0, ...positions.map(({ position }) => position ?? 0));
  if (last > 0) yield* reach("sessions", last, ending.deadlineMs);
});
