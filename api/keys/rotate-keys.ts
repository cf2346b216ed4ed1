import * as Effect from "effect/Effect";
import { z } from "zod";
import { invariant } from "../../domain/invariant.ts";
import { scopedRoute } from "../http/route.ts";
import { ARCHITECT } from "../session/gate.ts";
import { commandKeys } from "./command-keys.ts";
import { Kid, Latest, latestOf } from "./key-view.ts";
import { signingKeys } from "./signing-keys.ts";

export const rotateKeys = scopedRoute({
  method: "POST",
  path: "/v1/keys/rotate",
  summary:
    "Let the standbys sign now, or make the first keys; `force`: also those unknown to clients",
  auth: ARCHITECT,
  scope: "keys:write",
  stepUp: true,
  ownPersonOnly: true,
  body: z.strictObject({ force: z.boolean().exactOptional() }),
  responses: {
    200: {
      description: "`rotated: false`: the standbys have been published for less than a day",
      schema: z.strictObject({
        rotated: z.boolean(),
        /** Which left the JWKS: retired for sixty days. */
        pruned: z.array(Kid),
        latest: Latest,
      }),
    },
  },
  handler: (call) =>
    Effect.gen(function* () {
      const cause = call.body.force === true ? "forced" : "ready";
      const { outcome, position } = yield* commandKeys(call, { type: "RotateKeys", cause });
      invariant(outcome.type === "settled", "a rotation is settled");
      const { rotated, withdrawn } = outcome;
      const latest = latestOf(yield* signingKeys());
      const body = { rotated: rotated.length > 0, pruned: [...withdrawn], latest };
      return { status: 200, body, position };
    }),
});
