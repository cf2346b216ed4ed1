import * as Effect from "effect/Effect";
import { z } from "zod";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { InvitationRow } from "../../projections/invitations.ts";
import { route } from "../http/route.ts";
import { cursor, limit, PAGE_DEFAULT, pageOf } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";
import { InvitationStatus, InvitationView, viewInvitations } from "./invitation-view.ts";

export const listInvitations = route({
  method: "GET",
  path: "/v1/invitations",
  summary: "Who was invited, and whether they came, oldest first",
  auth: ADMIN,
  reads: ["invitations"],
  query: z.strictObject({ limit, cursor, status: InvitationStatus.exactOptional() }),
  responses: { 200: { description: "A page", schema: pageOf(InvitationView) } },
  handler: ({ query }) =>
    Effect.gen(function* () {
      const page = yield* (yield* ReadModels).list("invitations", {
        limit: query.limit ?? PAGE_DEFAULT,
        ...(query.status === undefined ? {} : { tags: [`status:${query.status}`] }),
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      });
      const items = yield* viewInvitations(page.items.map(({ row }) => row as InvitationRow));
      const { nextCursor } = page;
      return {
        status: 200,
        body: { items, ...(nextCursor === undefined ? {} : { nextCursor }) },
      };
    }),
});
