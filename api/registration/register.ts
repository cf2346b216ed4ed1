import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { transact } from "../../adapters/transact.ts";
import { client } from "../../domain/client/mod.ts";
import { newSecret } from "../clients/client-secret.ts";
import { clientNow, transactClient } from "../clients/command-client.ts";
import type { RequestContext } from "../http/call.ts";
import { derivedId } from "../http/derived-id.ts";
import { metaOf } from "../http/meta.ts";
import { reachDecided } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { foundKeys } from "../keys/signing-keys.ts";
import { clientInformation } from "./client-information.ts";
import { wantedOf } from "./client-metadata.ts";
import { newManagementToken } from "./management-token.ts";
import { bearerOf, refuseMember, settledForClient } from "./refusals.ts";
import { aggregate, type Presented, presentedToken } from "./registration-token.ts";

/**
 * An application registers itself, by a token that lets it. It is nobody whom the house trusts: it
 * gets no scope of our API, and people are asked about it.
 *
 * Source: RFC 7591, section 3; OpenID Connect Dynamic Client Registration 1.0, section 3.
 */
export const selfRegister = publicRoute({
  method: "POST",
  path: "/oauth2/register",
  summary: "An application registers itself, by a registration token",
  oauth: true,
  body: z.record(z.string(), z.unknown()),
  responses: { 201: { description: "Registered", schema: z.record(z.string(), z.unknown()) } },
  handler: (call) =>
    Effect.gen(function* () {
      const bearer = yield* bearerOf(call.headers);
      const now = new Date(yield* Clock.currentTimeMillis).toISOString();
      const presented = yield* presentedToken(bearer, now);
      if (presented === undefined) return yield* refuse(401, "invalid_token");
      const wanted = wantedOf(call.body);
      if ("field" in wanted) return yield* refuseMember(wanted.field);
      const clientId = derivedId(`${call.commandId}/client`);
      const { plain, row, issued } = yield* newSecret(clientId, call.commandId);
      const command = {
        type: "RegisterClient",
        ...wanted,
        trusting: false,
        secret: issued,
      } as const;
      // What cannot be registered takes no use of the token.
      yield* settledForClient(client.decide(command, client.initial).outcome);
      const managementToken = yield* newManagementToken(clientId);
      yield* takeUse(call, { presented, clientId, now });
      const { actor } = presented;
      const commanded = { actor, clientId, step: "register", command, secret: row } as const;
      const { outcome, position } = yield* transactClient(call, commanded);
      yield* settledForClient(outcome);
      const { secrets } = yield* clientNow(clientId);
      // Whoever is registered will soon want tokens.
      yield* foundKeys;
      const secret = secrets.length > 0 ? { secret: plain } : {};
      const body = yield* clientInformation(call, { clientId, managementToken, ...secret });
      return { status: 201, body, position, headers: { pragma: "no-cache" } };
    }),
});

type Use = { readonly presented: Presented; readonly clientId: string; readonly now: string };

/** Takes one use of a token for an application; of many at once so many get one as it has. */
const takeUse = (call: RequestContext, { presented, clientId, now }: Use) =>
  Effect.gen(function* () {
    const { id, actor } = presented;
    const { outcome, position } = yield* transact({
      ...aggregate,
      id,
      requestId: `${call.commandId}/use/${id}`,
      command: { type: "UseRegistrationToken", clientId, now },
      meta: yield* metaOf(call, actor),
    });
    if (outcome !== "used") return yield* refuse(401, "invalid_token");
    yield* reachDecided(["initial_tokens"], position);
  });
