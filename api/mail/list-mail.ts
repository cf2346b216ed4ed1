import * as Effect from "effect/Effect";
import { z } from "zod";
import { Outbox } from "../../adapters/ports/outbox.ts";
import { MAIL_TEMPLATES } from "../../domain/mail/mod.ts";
import { route } from "../http/route.ts";
import { limit, PAGE_DEFAULT, pageOf } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";

const STATES = ["waiting", "sent", "failed", "dropped"] as const;
/** Time and id of the last row of the page before. */
const CURSOR =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const Mail = z.strictObject({
  id: z.uuid(),
  template: z.enum(MAIL_TEMPLATES),
  state: z.enum(STATES),
  attempts: z.int().min(0),
  queuedAt: z.iso.datetime(),
  /** Of one that waits. */
  nextAt: z.iso.datetime().exactOptional(),
  expiresAt: z.iso.datetime(),
  /** When the mail server took it. */
  sentAt: z.iso.datetime().exactOptional(),
  /** What became of the last attempt, when it did not go or is not on record. */
  code: z.string().exactOptional(),
  ledger: z.enum(["identity", "activity"]),
  position: z.int().min(1),
});

const count = z.int().min(0);

export const listMail = route({
  method: "GET",
  path: "/v1/mail",
  summary: "Mails that wait, went and failed, newest first, without addresses",
  auth: ADMIN,
  query: z.strictObject({
    state: z.enum(STATES).exactOptional(),
    limit,
    cursor: z.string().regex(CURSOR).exactOptional(),
  }),
  responses: {
    200: {
      description: "A page of mails, and how many there are in all, up to 10,000 each",
      schema: pageOf(Mail).extend({
        counts: z.strictObject({ waiting: count, sent: count, failed: count, dropped: count }),
      }),
    },
  },
  handler: ({ query: { limit: items = PAGE_DEFAULT, ...query } }) =>
    Effect.gen(function* () {
      const outbox = yield* Outbox;
      const counts = yield* outbox.counts;
      const page = yield* outbox.list({ ...query, limit: items });
      return {
        status: 200,
        body: {
          items: page.items.map(({ nextAt, eventId: _, recipient: __, ...row }) => ({
            ...row,
            ...(row.state === "waiting" ? { nextAt } : {}),
          })),
          ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
          counts,
        },
      };
    }),
});
