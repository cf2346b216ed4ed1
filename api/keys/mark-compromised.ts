import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { refuse } from "../http/problem.ts";
import { scopedRoute } from "../http/route.ts";
import { ARCHITECT } from "../session/gate.ts";
import { commandKeys } from "./command-keys.ts";
import { KeyView, Kid, Latest, latestOf, viewKey } from "./key-view.ts";
import { signingKeys } from "./signing-keys.ts";

export const markCompromised = scopedRoute({
  method: "POST",
  path: "/v1/keys/:kid/compromised",
  summary: "Take a key out of the JWKS now, and let its standby sign",
  auth: ARCHITECT,
  scope: "keys:write",
  stepUp: true,
  ownPersonOnly: true,
  params: z.strictObject({ kid: Kid }),
  responses: {
    200: {
      description: "Nobody verifies with it who fetches the JWKS from now on",
      schema: z.strictObject({ key: KeyView, latest: Latest }),
    },
  },
  handler: (call) =>
    Effect.gen(function* () {
      const { kid } = call.params;
      const command = { type: "MarkCompromised", kid } as const;
      const { outcome, position } = yield* commandKeys(call, command);
      if (outcome.type === "unknown_key") return yield* refuse(404, "not_found");
      const nowMs = yield* Clock.currentTimeMillis;
      const rows = yield* signingKeys();
      const row = rows.find((one) => one.kid === kid);
      if (row === undefined) return yield* refuse(404, "not_found");
      return { status: 200, body: { key: viewKey(row, nowMs), latest: latestOf(rows) }, position };
    }),
});
