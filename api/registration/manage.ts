import * as Effect from "effect/Effect";
import { z } from "zod";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { RegisteredClients } from "../../adapters/ports/registered-clients.ts";
import type { ClientMetadata, MetadataChanges } from "../../domain/client/mod.ts";
import { ByClientId } from "../clients/client-id.ts";
import { newSecret } from "../clients/client-secret.ts";
import { clientNow, transactClient } from "../clients/command-client.ts";
import type { RequestContext } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { clientSecrets } from "../oidc/registered.ts";
import { clientInformation } from "./client-information.ts";
import { wantedOf } from "./client-metadata.ts";
import {
  forgetManagementToken,
  isManagementToken,
  newManagementToken,
} from "./management-token.ts";
import { bearerOf, refuseMember, settledForClient } from "./refusals.ts";

const PATH = "/oauth2/register/:id";
const Told = z.record(z.string(), z.unknown());
const NO_CACHE = { pragma: "no-cache" };

export const readSelf = publicRoute({
  method: "GET",
  path: PATH,
  summary: "What an application that registered itself is registered as",
  oauth: true,
  params: ByClientId,
  responses: { 200: { description: "All of it, but no secret", schema: Told } },
  handler: (call) =>
    Effect.gen(function* () {
      const { id: clientId } = call.params;
      const { bearer: managementToken } = yield* managed(call, clientId);
      const body = yield* clientInformation(call, { clientId, managementToken });
      return { status: 200, body, headers: NO_CACHE };
    }),
});

/** Source: RFC 7592, section 2.2. */
export const reviseSelf = publicRoute({
  method: "PUT",
  path: PATH,
  summary: "An application that registered itself says anew what it is, whole",
  oauth: true,
  params: ByClientId,
  body: z.record(z.string(), z.unknown()),
  responses: { 200: { description: "As it is now", schema: Told } },
  handler: (call) =>
    Effect.gen(function* () {
      const { id: clientId } = call.params;
      const { bearer, before } = yield* managed(call, clientId);
      yield* checkIdentity(clientId, call.body);
      const wanted = wantedOf(call.body, before);
      if ("field" in wanted) return yield* refuseMember(wanted.field);
      const actor = `client:${clientId}` as const;
      const { outcome, position } = yield* transactClient(call, {
        actor,
        clientId,
        step: "revise",
        command: { type: "ReviseClient", changes: wholly(wanted.metadata), trusting: false },
      });
      yield* settledForClient(outcome);
      const secret = yield* secretWhereItKeepsOne(call, clientId);
      const managementToken = yield* newManagementToken(clientId, bearer);
      const body = yield* clientInformation(call, { clientId, managementToken, ...secret });
      return { status: 200, body, position, headers: NO_CACHE };
    }),
});

/** Source: RFC 7592, section 2.3. */
export const removeSelf = publicRoute({
  method: "DELETE",
  path: PATH,
  summary: "An application that registered itself is removed, with its secrets",
  oauth: true,
  params: ByClientId,
  responses: { 204: { description: "It gets no token any more" } },
  handler: (call) =>
    Effect.gen(function* () {
      const { id: clientId } = call.params;
      yield* managed(call, clientId);
      const { outcome, position } = yield* transactClient(call, {
        actor: `client:${clientId}`,
        clientId,
        step: "remove",
        command: { type: "RemoveClient" },
      });
      yield* settledForClient(outcome);
      yield* forgetManagementToken(clientId);
      return { status: 204, position };
    }),
});

/** The client that presents its own token; one that is unknown is told no more than a wrong one. */
const managed = ({ headers }: RequestContext, clientId: string) =>
  Effect.gen(function* () {
    const bearer = yield* bearerOf(headers);
    const { status, kind, metadata } = yield* clientNow(clientId);
    if (kind === undefined || metadata === undefined || status === "removed") {
      return yield* refuse(401, "invalid_token");
    }
    if (!(yield* isManagementToken(clientId, bearer))) return yield* refuse(401, "invalid_token");
    if (status === "disabled") return yield* refuse(403, "access_denied");
    return { bearer, before: { kind, metadata } };
  });

/** What only the server says, a client does not; what it is called and knows, it says right. */
const SERVERS = [
  "registration_access_token",
  "registration_client_uri",
  "client_secret_expires_at",
  "client_id_issued_at",
];

const checkIdentity = (clientId: string, body: Readonly<Record<string, unknown>>) =>
  Effect.gen(function* () {
    const told = SERVERS.find((member) => Object.hasOwn(body, member));
    if (told !== undefined) return yield* refuse(400, "invalid_request", { field: told });
    if (body["client_id"] !== clientId) return yield* refuseMember("client_id");
    const secret = body["client_secret"];
    if (secret === undefined || secret === null) return;
    const row = yield* (yield* RegisteredClients).get(clientId);
    const { current } = clientSecrets(yield* Keyring);
    const isOurs = typeof secret === "string" && row !== undefined && (yield* current(row, secret));
    if (!isOurs) return yield* refuseMember("client_secret");
  });

/**
 * A revision says all of it: an address that is not named is cleared. What the house decides about
 * the client is no part of it.
 */
function wholly(metadata: ClientMetadata): MetadataChanges {
  const { name, tokenEndpointAuthMethod, grantTypes } = metadata;
  const { redirectUris, postLogoutRedirectUris } = metadata;
  const said = { name, tokenEndpointAuthMethod, grantTypes, redirectUris, postLogoutRedirectUris };
  const { logoUri = null, clientUri = null, policyUri = null, tosUri = null } = metadata;
  const { jwksUri = null, backchannelLogoutUri = null } = metadata;
  const addresses = { logoUri, clientUri, policyUri, tosUri, jwksUri, backchannelLogoutUri };
  return { ...said, ...addresses };
}

/** Whoever keeps a secret from now on gets their first one. */
const secretWhereItKeepsOne = (call: RequestContext, clientId: string) =>
  Effect.gen(function* () {
    const { secrets, metadata } = yield* clientNow(clientId);
    const keeps = metadata?.tokenEndpointAuthMethod.startsWith("client_secret_") === true;
    if (!keeps || secrets.length > 0) return {};
    const { plain, row, issued } = yield* newSecret(clientId, call.commandId);
    const { outcome } = yield* transactClient(call, {
      actor: `client:${clientId}`,
      clientId,
      step: "secret",
      command: { type: "IssueSecret", ...issued, trusting: false },
      secret: row,
    });
    yield* settledForClient(outcome);
    return { secret: plain };
  });
