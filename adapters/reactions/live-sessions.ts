import type * as Cause from "effect/Cause";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import type { Meta } from "../../domain/ledger/entry.ts";
import { type SessionEndReason, session } from "../../domain/session/mod.ts";
import type { SessionRow } from "../../projections/sessions.ts";
import { sessionCodec } from "../codec/session.ts";
import type { AppendError, LedgerCorrupt } from "../ports/ledger.ts";
import { ReadModels } from "../ports/read-models.ts";
import { Stamps } from "../ports/stamps.ts";
import { transact } from "../transact.ts";
import { SESSION_LIFETIME_MS } from "./session-expiry.ts";

/** Sessions ended side by side at most. */
const CONCURRENCY = 16;
const PAGE = 200;
export const DAY_MS = 24 * 60 * 60 * 1000;
/** No session that is older can be on: the cap, and a day for clocks that disagree. */
export const LIVE_DAYS_MAX = SESSION_LIFETIME_MS / DAY_MS + 1;

/** Under which live sessions are found that began on the day of a time. */
export const liveSince = (timeMs: number): string =>
  `live-since:${new Date(timeMs).toISOString().slice(0, "2026-11-21".length)}`;

/**
 * Gives every live session under a tag to `use`, a page at a time; ends those for which it answers
 * a reason. Idempotent: a session that has ended stays as it ended, and is not counted. One that
 * cannot be ended keeps none of the others, and fails it at the end.
 *
 * Shape: how many ended now.
 */
export const endThose = <E, R>(
  tag: string,
  { requestId, meta }: { readonly requestId: string; readonly meta: Meta },
  use: (
    rows: ReadonlyArray<SessionRow>,
  ) => Effect.Effect<ReadonlyMap<string, SessionEndReason>, E, R>,
) =>
  Effect.gen(function* () {
    const { list } = yield* ReadModels;
    let ended = 0;
    let failed: Cause.Cause<AppendError | LedgerCorrupt> | undefined;
    let cursor: string | undefined;
    do {
      const page = yield* list("sessions", {
        tags: [tag],
        limit: PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const ending = yield* use(page.items.map(({ row }) => row as SessionRow));
      const done = yield* Effect.forEach(
        ending,
        ([sessionId, reason]) =>
          transact({
            decider: session,
            codec: sessionCodec,
            id: sessionId,
            requestId: `${requestId}/${sessionId}`,
            command: { type: "EndSession", reason },
            meta,
            along: () => ({ vault: { remove: [sessionId] } }),
          }).pipe(Effect.exit),
        { concurrency: CONCURRENCY },
      );
      yield* (yield* Stamps).forget("session", [...ending.keys()]);
      failed ??= done.find(Exit.isFailure)?.cause;
      ended += done.filter((one) => Exit.isSuccess(one) && one.value.position !== undefined).length;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    if (failed !== undefined) return yield* Effect.failCause(failed);
    return ended;
  });
