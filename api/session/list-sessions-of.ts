import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { Stamps } from "../../adapters/ports/stamps.ts";
import { idleEndMs } from "../../adapters/reactions/session-expiry.ts";
import { EVERYBODY } from "../../domain/revocation/mod.ts";
import { type RevocationRow, revokes } from "../../projections/revocations.ts";
import type { SessionRow } from "../../projections/sessions.ts";
import type { Answer } from "../http/call.ts";
import { PAGE_DEFAULT } from "../http/schemas.ts";
import { viewSession } from "./session-view.ts";

type Asked = {
  readonly userId: string;
  /** Whose session asks. */
  readonly currentId: string | undefined;
  readonly query: { readonly limit?: number; readonly cursor?: string };
};

/**
 * A page of somebody's sessions that are still on, oldest first. What has expired or was revoked
 * with others and is not yet marked as ended is left out: a page may be short, and its cursor still
 * leads on.
 */
export const listSessionsOf = ({ userId, currentId, query }: Asked) =>
  Effect.gen(function* () {
    const models = yield* ReadModels;
    const page = yield* models.list("sessions", {
      tags: [`live:${userId}`],
      limit: query.limit ?? PAGE_DEFAULT,
      ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
    });
    const rows = page.items.map(({ row }) => row as SessionRow);
    const ids = rows.map(({ id }) => id);
    const seen = yield* (yield* Stamps).get("session", ids);
    const revocations = yield* models.many("revocations", [EVERYBODY, userId]);
    const nowMs = yield* Clock.currentTimeMillis;
    const items = rows
      .filter((row) => idleEndMs(row, seen.get(row.id)) > nowMs)
      .filter((row) => !revocations.some((one) => revokes(one.row as RevocationRow, row)))
      .map((row) => viewSession(row, { currentId, lastSeenMs: seen.get(row.id) }));
    const next = page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor };
    return { status: 200, body: { items, ...next } } satisfies Answer;
  });
