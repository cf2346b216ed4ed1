import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { scopedRoute } from "../http/route.ts";
import { KEY_READER } from "../session/gate.ts";
import { KeyView, viewKey } from "./key-view.ts";
import { signingKeys } from "./signing-keys.ts";

export const listKeys = scopedRoute({
  method: "GET",
  path: "/v1/keys",
  summary: "Every signing key there has been: its age, its state, what comes next and when",
  auth: KEY_READER,
  scope: "keys:write",
  responses: {
    200: { description: "Oldest first", schema: z.strictObject({ items: z.array(KeyView) }) },
  },
  reads: ["jwks"],
  handler: ({ atLeast }) =>
    Effect.gen(function* () {
      const nowMs = yield* Clock.currentTimeMillis;
      const rows = yield* signingKeys(atLeast);
      return { status: 200, body: { items: rows.map((row) => viewKey(row, nowMs)) } };
    }),
});
