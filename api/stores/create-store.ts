import * as Effect from "effect/Effect";
import { z } from "zod";
import { storeCodec } from "../../adapters/codec/store.ts";
import { transact } from "../../adapters/transact.ts";
import { STORE_NAME, store } from "../../domain/store/mod.ts";
import { derivedId } from "../http/derived-id.ts";
import { metaOf } from "../http/meta.ts";
import { refuse } from "../http/problem.ts";
import { scopedRoute } from "../http/route.ts";
import { Id } from "../http/schemas.ts";
import { ARCHITECT } from "../session/gate.ts";

export const createStore = scopedRoute({
  method: "POST",
  path: "/v1/stores",
  summary: "Create an authorization store",
  auth: ARCHITECT,
  scope: "authz:write",
  body: z.strictObject({ name: z.string().regex(STORE_NAME) }),
  responses: {
    201: { description: "Created", schema: z.strictObject({ id: Id, name: z.string() }) },
  },
  handler: (call) =>
    Effect.gen(function* () {
      const requestId = `${call.commandId}/store`;
      const id = derivedId(requestId);
      const { name } = call.body;
      const { outcome, position } = yield* transact({
        decider: store,
        codec: storeCodec,
        id,
        requestId,
        command: { type: "CreateStore", name },
        meta: yield* metaOf(call, `user:${call.caller.userId}`),
      });
      switch (outcome) {
        case "created":
          return { status: 201, body: { id, name }, position };
        case "already_exists":
          return yield* refuse(409, outcome);
        case "invalid_name":
          return yield* refuse(400, "invalid_field", { field: "name" });
        default:
          return outcome satisfies never;
      }
    }),
});
