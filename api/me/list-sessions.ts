import { z } from "zod";
import { route } from "../http/route.ts";
import { cursor, limit, pageOf } from "../http/schemas.ts";
import { listSessionsOf } from "../session/list-sessions-of.ts";
import { SessionView } from "../session/session-view.ts";

export const listMySessions = route({
  method: "GET",
  path: "/v1/me/sessions",
  summary: "Where one is signed in, oldest first",
  auth: "session",
  query: z.strictObject({ limit, cursor }),
  responses: { 200: { description: "A page of sessions", schema: pageOf(SessionView) } },
  handler: ({ caller: { userId, sessionId: currentId }, query }) =>
    listSessionsOf({ userId, currentId, query }),
});
