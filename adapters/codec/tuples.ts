import { z } from "zod";
import {
  CAUSE,
  isTuple,
  OBJECT,
  RELATION_NAME,
  SUBJECT,
  TUPLE_CHANGES_MAX,
  type TuplesEvent,
} from "../../domain/tuples/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { structural } from "./field.ts";

const tuple = z
  .strictObject({
    object: structural(OBJECT),
    relation: structural(RELATION_NAME),
    subject: structural(SUBJECT),
  })
  .refine(isTuple);

/** Relationship tuples, one stream a store. */
export const tuplesCodec = eventCodec<TuplesEvent>(
  { category: "tuples", ledger: "identity" },
  {
    TuplesWritten: {
      data: z.strictObject({
        writes: z.array(tuple).max(TUPLE_CHANGES_MAX),
        deletes: z.array(tuple).max(TUPLE_CHANGES_MAX),
        cause: structural(CAUSE),
      }),
      sample: {
        writes: [{ object: "document:budget", relation: "viewer", subject: "group:eng#member" }],
        deletes: [{ object: "document:budget", relation: "viewer", subject: "user:*" }],
        cause: "registration:42",
      },
    },
  },
);
