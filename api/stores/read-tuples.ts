import * as Effect from "effect/Effect";
import { z } from "zod";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { TupleRow } from "../../projections/tuples.ts";
import { scopedRoute } from "../http/route.ts";
import { ById, cursor, PAGE_DEFAULT, PAGE_MAX, pageOf } from "../http/schemas.ts";
import { ARCHITECT } from "../session/gate.ts";
import { existingStore } from "./existing-store.ts";
import { TupleObject, TupleRelation, TupleSchema, TupleSubject } from "./tuple-schema.ts";

const TupleView = TupleSchema.extend({ causes: z.array(z.string()) });

export const readTuples = scopedRoute({
  method: "POST",
  path: "/v1/stores/:id/read",
  summary: "Tuples of a store by object, relation and subject; changes nothing",
  auth: ARCHITECT,
  scope: "authz:read",
  asks: true,
  params: ById,
  body: z.strictObject({
    object: TupleObject.exactOptional(),
    relation: TupleRelation.exactOptional(),
    subject: TupleSubject.exactOptional(),
    limit: z.int().min(1).max(PAGE_MAX).exactOptional(),
    cursor,
  }),
  responses: { 200: { description: "A page of tuples", schema: pageOf(TupleView) } },
  reads: ["tuples"],
  handler: ({ params, body }) =>
    Effect.gen(function* () {
      const { id } = params;
      yield* existingStore(id);
      const { object, relation, subject } = body;
      const { list } = yield* ReadModels;
      const page = yield* list("tuples", {
        tags:
          object === undefined && subject === undefined
            ? [`store:${id}`]
            : [
                ...(object === undefined ? [] : [`${id}|object:${object}`]),
                ...(subject === undefined ? [] : [`${id}|subject:${subject}`]),
              ],
        limit: body.limit ?? PAGE_DEFAULT,
        ...(body.cursor === undefined ? {} : { cursor: body.cursor }),
      });
      // A relation alone is not indexed: its page may be short, and the cursor still leads on.
      const items = page.items
        .map(({ row }) => row as TupleRow)
        .filter((row) => relation === undefined || row.relation === relation)
        .map(({ store: _, ...shown }) => shown);
      const next = page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor };
      return { status: 200, body: { items, ...next } };
    }),
});
