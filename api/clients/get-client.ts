import * as Effect from "effect/Effect";
import { z } from "zod";
import { scopedRoute } from "../http/route.ts";
import { ADMIN } from "../session/gate.ts";
import { ByClientId } from "./client-id.ts";
import { ClientView } from "./client-view.ts";
import { showClient } from "./show-client.ts";

export const ClientAnswer = z.strictObject({ client: ClientView });

export const getClient = scopedRoute({
  method: "GET",
  path: "/v1/clients/:id",
  summary: "One application: what it is registered as; of its secrets, that they are there",
  auth: ADMIN,
  scope: "clients:write",
  params: ByClientId,
  reads: ["clients"],
  responses: { 200: { description: "The application", schema: ClientAnswer } },
  handler: ({ params }) =>
    Effect.map(showClient(params.id), (client) => ({ status: 200, body: { client } })),
});
