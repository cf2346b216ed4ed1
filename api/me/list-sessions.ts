import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { SessionRow } from "../../projections/sessions.ts";
import { route } from "../http/route.ts";
import { cursor, limit, PAGE_DEFAULT, pageOf } from "../http/schemas.ts";
import { SessionView, viewSession } from "../session/session-view.ts";

export const listMySessions = route({
  method: "GET",
  path: "/v1/me/sessions",
  summary: "Where one is signed in, oldest first",
  auth: "session",
  query: z.strictObject({ limit, cursor }),
  responses: { 200: { description: "A page of sessions", schema: pageOf(SessionView) } },
  handler: ({ caller, query }) =>
    Effect.gen(function* () {
      const page = yield* (yield* ReadModels).list("sessions", {
        tags: [`live:${caller.userId}`],
        limit: query.limit ?? PAGE_DEFAULT,
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      });
      const now = new Date(yield* Clock.currentTimeMillis).toISOString();
      // Nothing is appended when one expires: its page may be short, and the cursor still leads on.
      const items = page.items
        .map(({ row }) => row as SessionRow)
        .filter(({ expiresAt }) => expiresAt > now)
        .map((row) => viewSession(row, caller.sessionId));
      const next = page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor };
      return { status: 200, body: { items, ...next } };
    }),
});
