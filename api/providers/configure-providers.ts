import * as Effect from "effect/Effect";
import { z } from "zod";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { ISSUER_MAX } from "../../domain/provider/mod.ts";
import type { ProviderRow } from "../../projections/providers.ts";
import { publicRoute, route } from "../http/route.ts";
import { cursor, limit, PAGE_DEFAULT, pageOf, text } from "../http/schemas.ts";
import { ARCHITECT } from "../session/gate.ts";
import { commandProvider, openProviders, showProvider } from "./command-provider.ts";
import { encloseSecret } from "./provider-secret.ts";
import {
  ByProvider,
  ConfiguredProvider,
  NAME_MAX,
  ProviderAnswer,
  ProviderId,
  ProviderView,
  viewProvider,
} from "./provider-view.ts";

const CLIENT_ID_MAX = 512;
const SECRET_MAX = 1024;
const SCOPES_MAX = 20;
const SCOPE_MAX = 100;

/** What is asked for unless it is said: who they are, and how to reach and call them. */
export const SCOPES_DEFAULT: ReadonlyArray<string> = ["openid", "email", "profile"];

const Printable = (max: number) => z.string().regex(new RegExp(`^[\\x20-\\x7e]{1,${max}}$`));
const Metadata = {
  name: text(NAME_MAX),
  clientId: Printable(CLIENT_ID_MAX),
  scopes: z.array(z.string().min(1).max(SCOPE_MAX)).min(1).max(SCOPES_MAX),
  tokenEndpointAuthMethod: z.enum(["client_secret_basic", "client_secret_post", "none"]),
};
const Secret = Printable(SECRET_MAX);

export const listProviders = publicRoute({
  method: "GET",
  path: "/v1/providers",
  summary: "With whom people may sign in here, oldest first",
  reads: ["providers"],
  responses: { 200: { description: "All that are open", schema: pageOf(ProviderView) } },
  handler: () =>
    Effect.map(openProviders, (rows) => ({
      status: 200,
      body: { items: rows.map(({ id, name }) => ({ id, name })) },
    })),
});

export const listConfigured = route({
  method: "GET",
  path: "/v1/providers/configured",
  summary: "Every provider that is or was open, with its configuration but for its secret",
  auth: ARCHITECT,
  reads: ["providers"],
  query: z.strictObject({ limit, cursor }),
  responses: { 200: { description: "A page", schema: pageOf(ConfiguredProvider) } },
  handler: ({ query, settings }) =>
    Effect.gen(function* () {
      const page = yield* (yield* ReadModels).list("providers", {
        limit: query.limit ?? PAGE_DEFAULT,
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      });
      const items = page.items.map(({ row }) => viewProvider(row as ProviderRow, settings));
      const next = page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor };
      return { status: 200, body: { items, ...next } };
    }),
});

export const openProvider = route({
  method: "POST",
  path: "/v1/providers",
  summary: "Open a door: people sign in with an OpenID Connect issuer from now on",
  auth: ARCHITECT,
  ownPersonOnly: true,
  stepUp: true,
  body: z.strictObject({
    id: ProviderId,
    issuer: z.string().min(1).max(ISSUER_MAX),
    name: Metadata.name,
    clientId: Metadata.clientId,
    clientSecret: Secret.exactOptional(),
    scopes: Metadata.scopes.exactOptional(),
    tokenEndpointAuthMethod: Metadata.tokenEndpointAuthMethod.exactOptional(),
  }),
  responses: { 201: { description: "Open", schema: ProviderAnswer } },
  problems: { 409: ["already_exists", "other_issuer"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { id, issuer, name, clientId, clientSecret, scopes = SCOPES_DEFAULT } = call.body;
      const secret = clientSecret && (yield* encloseSecret(id, clientSecret));
      const byDefault = secret === undefined ? "none" : "client_secret_basic";
      const position = yield* commandProvider(call, {
        id,
        command: {
          type: "OpenProvider",
          id,
          by: "architect",
          issuer,
          name,
          clientId,
          scopes,
          authMethod: call.body.tokenEndpointAuthMethod ?? byDefault,
          ...(secret && { secret: secret.reference }),
        },
        ...(secret && { secret: secret.row }),
      });
      const provider = yield* showProvider(id, call.settings);
      return { status: 201, body: { provider }, position };
    }),
});

export const reviseProvider = route({
  method: "PATCH",
  path: "/v1/providers/:id",
  summary: "Revise how we are known at an issuer; the issuer itself stays",
  auth: ARCHITECT,
  ownPersonOnly: true,
  stepUp: true,
  params: ByProvider,
  body: z.strictObject({
    name: Metadata.name.exactOptional(),
    clientId: Metadata.clientId.exactOptional(),
    clientSecret: Secret.exactOptional(),
    scopes: Metadata.scopes.exactOptional(),
    tokenEndpointAuthMethod: Metadata.tokenEndpointAuthMethod.exactOptional(),
  }),
  responses: { 200: { description: "As it is now", schema: ProviderAnswer } },
  problems: { 409: ["from_environment"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { id } = call.params;
      const { clientSecret, tokenEndpointAuthMethod: authMethod, ...changes } = call.body;
      const secret = clientSecret && (yield* encloseSecret(id, clientSecret));
      const position = yield* commandProvider(call, {
        id,
        command: {
          type: "ReviseProvider",
          by: "architect",
          changes: { ...changes, ...(authMethod && { authMethod }) },
          ...(secret && { secret: secret.reference }),
        },
        ...(secret && { secret: secret.row }),
      });
      const provider = yield* showProvider(id, call.settings);
      return { status: 200, body: { provider }, position };
    }),
});

export const closeProvider = route({
  method: "DELETE",
  path: "/v1/providers/:id",
  summary: "Close a door: nobody signs in with this provider; accounts stay linked",
  auth: ARCHITECT,
  ownPersonOnly: true,
  stepUp: true,
  params: ByProvider,
  responses: { 204: { description: "Closed; the same issuer may be opened again" } },
  problems: { 409: ["from_environment"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { id } = call.params;
      const command = { type: "CloseProvider", by: "architect" } as const;
      const position = yield* commandProvider(call, { id, command });
      return { status: 204, position };
    }),
});
