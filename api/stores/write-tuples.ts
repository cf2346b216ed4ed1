import * as Effect from "effect/Effect";
import { z } from "zod";
import { tuplesCodec } from "../../adapters/codec/tuples.ts";
import { transact } from "../../adapters/transact.ts";
import { CAUSE, TUPLE_CHANGES_MAX, tuples } from "../../domain/tuples/mod.ts";
import { metaOf } from "../http/meta.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { scopedRoute } from "../http/route.ts";
import { ById } from "../http/schemas.ts";
import { ARCHITECT } from "../session/gate.ts";
import { existingStore } from "./existing-store.ts";
import { TupleSchema } from "./tuple-schema.ts";
import { writeIf } from "./write-if.ts";

const Changes = z.array(TupleSchema).max(TUPLE_CHANGES_MAX).exactOptional();

export const writeTuples = scopedRoute({
  method: "POST",
  path: "/v1/stores/:id/write",
  summary: "Write and delete tuples, all or none; `cause` is a label by which to take them back",
  auth: ARCHITECT,
  scope: "authz:write",
  params: ById,
  body: z.strictObject({
    writes: Changes,
    deletes: Changes,
    ifPosition: z.int().min(0).exactOptional(),
    cause: z.string().regex(CAUSE).exactOptional(),
  }),
  responses: {
    200: { description: "Written", schema: z.strictObject({ position: z.int() }) },
  },
  problems: { 400: ["too_many", "nothing", "contradictory"], 409: ["position_moved"] },
  handler: (call) =>
    Effect.gen(function* () {
      const storeId = call.params.id;
      yield* existingStore(storeId);
      const { writes = [], deletes = [], cause = "", ifPosition } = call.body;
      const meta = yield* metaOf(call, `user:${call.caller.userId}`);
      const command = { type: "WriteTuples", writes, deletes, cause } as const;
      const requestId = `${call.commandId}/tuples`;
      const { outcome, position } = yield* ifPosition === undefined
        ? transact({
            decider: tuples,
            codec: tuplesCodec,
            id: storeId,
            requestId,
            command,
            meta,
            expect: "any",
          })
        : writeIf(ifPosition, { storeId, requestId, command, meta });
      switch (outcome) {
        case "written":
          break;
        case "position_moved":
          return yield* refuse(409, outcome);
        case "nothing":
        case "too_many":
        case "contradictory":
          return yield* refuse(400, outcome);
        case "malformed":
          return yield* refuse(400, "invalid_field", { field: "writes" });
        default:
          return outcome satisfies never;
      }
      if (position !== undefined && deletes.length > 0) yield* reachAll(["tuples"], position);
      return { status: 200, body: { position }, position };
    }),
});
