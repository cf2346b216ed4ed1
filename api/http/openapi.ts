import { z } from "zod";
import { API_SCOPES } from "../../domain/client/mod.ts";
import type { JsonObject } from "../../domain/json.ts";
import { sessionCookieName } from "./cookies.ts";
import type { Route } from "./route.ts";
import type { Settings } from "./settings.ts";

/** What any route may be refused with, whatever it does. */
const COMMON_PROBLEMS: Readonly<Record<number, ReadonlyArray<string>>> = {
  400: ["invalid_field", "unknown_field", "duplicate_field"],
  503: ["busy", "not_yet", "parked", "unavailable"],
};
const BODY_PROBLEMS: Readonly<Record<number, ReadonlyArray<string>>> = {
  400: ["malformed_json", "json_too_deep"],
  413: ["body_too_large"],
  415: ["unsupported_media_type"],
};
const SENT_PROBLEMS = { 403: ["origin_refused"] };
const THROTTLED_PROBLEMS = { 429: ["throttled"] };
const OWN_PERSON_PROBLEMS = { 403: ["impersonating"] };
const WRITE_PROBLEMS = { 409: ["conflict"] };
const GATED_PROBLEMS = { 401: ["unauthenticated"] };
const IDEMPOTENCY_PROBLEMS = {
  409: ["idempotency_running"],
  410: ["erased"],
  422: ["idempotency_mismatch"],
};

/** The API as an OpenAPI 3.1 document, made from nothing but the route table. */
export function openApi(
  routes: ReadonlyArray<Route>,
  settings: Pick<Settings, "url" | "version" | "publicMode">,
): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:([A-Za-z]+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  const cookie = { type: "apiKey", in: "cookie", name: sessionCookieName(settings) };
  return {
    openapi: "3.1.0",
    info: { title: "Authledger", version: settings.version },
    servers: [{ url: settings.url }],
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: { session: cookie, accessToken: oauthOf(settings.url) },
    },
  };
}

/** How programs come to a token: by client credentials for the audience that is our own URL. */
function oauthOf(url: string): JsonObject {
  const scopes = Object.fromEntries(API_SCOPES.map((scope) => [scope, scope]));
  const tokenUrl = `${url}/oauth2/token`;
  return { type: "oauth2", flows: { clientCredentials: { tokenUrl, scopes } } };
}

const PROBLEM: JsonObject = {
  type: "object",
  required: ["title", "status", "code", "requestId"],
  properties: {
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string" },
    requestId: { type: "string", format: "uuid" },
    field: { type: "string" },
    requires: { type: "string" },
    count: { type: "integer", minimum: 1 },
  },
};

/** Instead of the session, an access token for this API with the scope. */
function tokensOf({ scope }: Route): ReadonlyArray<JsonObject> {
  if (scope === undefined) return [];
  return [{ accessToken: scope === "any" ? [] : [scope] }];
}

function operation(route: Route): JsonObject {
  const { method, path, summary, auth, body } = route;
  return {
    operationId: operationId(method, path),
    summary,
    security: auth === "public" ? [] : [{ session: [] }, ...tokensOf(route)],
    ...(typeof auth === "string" ? {} : { "x-requires-any-role": [...auth] }),
    parameters: parameters(route),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: !body.safeParse({}).success,
            content: { [typeOf(route)]: { schema: schemaOf(body, "input") } },
          },
        }),
    responses: { ...responses(route), ...problems(route) },
  };
}

/** `GET /v1/users/:id` is `getV1UsersId`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const camel = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${method.toLowerCase()}${camel.join("")}`;
}

function parameters(route: Route): ReadonlyArray<JsonObject> {
  const position = { type: "integer", minimum: 0 };
  return [
    ...members(route.params, "path"),
    ...members(route.query, "query"),
    ...(route.asOf === true ? [{ name: "as_of", in: "query", schema: { type: "string" } }] : []),
    ...(route.reads !== undefined && !route.writes
      ? [
          { name: "at_least", in: "query", schema: position },
          { name: "Ledger-At-Least", in: "header", schema: position },
        ]
      : []),
    ...(route.idempotent
      ? [{ name: "Idempotency-Key", in: "header", schema: { type: "string", maxLength: 255 } }]
      : []),
  ];
}

function members(
  schema: z.ZodObject | undefined,
  where: "path" | "query",
): ReadonlyArray<JsonObject> {
  return Object.entries(schema?.shape ?? {}).map(([name, member]) => ({
    name,
    in: where,
    ...(where === "path" ? { required: true } : {}),
    schema: schemaOf(member as z.ZodType, "input"),
  }));
}

function responses(route: Route): JsonObject {
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, { description, schema, contentType }]) => [
      status,
      {
        description,
        ...(schema === undefined
          ? {}
          : {
              content: {
                [contentType ?? "application/json"]: { schema: schemaOf(schema, "output") },
              },
            }),
      },
    ]),
  );
}

function problems(route: Route): JsonObject {
  const codes = new Map<number, Set<string>>();
  const sources = [
    COMMON_PROBLEMS,
    ...(route.method === "GET" ? [] : [BODY_PROBLEMS, SENT_PROBLEMS]),
    ...(route.method === "POST" ? [THROTTLED_PROBLEMS] : []),
    ...(route.writes ? [WRITE_PROBLEMS] : []),
    ...(route.auth === "public" ? [] : [GATED_PROBLEMS]),
    ...(typeof route.auth === "string" ? [] : [{ 403: ["forbidden"] }]),
    ...(route.ownPersonOnly === true ? [OWN_PERSON_PROBLEMS] : []),
    ...(route.scope === undefined ? [] : [{ 403: ["insufficient_scope"] }]),
    ...(route.stepUp === true ? [{ 403: ["elevation_required"] }] : []),
    ...(route.params === undefined ? [] : [{ 404: ["not_found"] }]),
    ...(route.idempotent ? [IDEMPOTENCY_PROBLEMS] : []),
    ...(route.asOf === true || route.reads !== undefined ? [{ 400: ["past_head"] }] : []),
    route.problems ?? {},
  ];
  for (const source of sources) {
    for (const [status, names] of Object.entries(source)) {
      const known = codes.get(Number(status)) ?? new Set();
      for (const name of names) known.add(name);
      codes.set(Number(status), known);
    }
  }
  return Object.fromEntries(
    [...codes].map(([status, names]) => [
      String(status),
      {
        description: [...names].join(", "),
        content: {
          "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
        },
      },
    ]),
  );
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): JsonObject {
  const {
    $schema: _,
    "~standard": __,
    ...rest
  } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
  });
  return rest as JsonObject;
}

/** What a request's body is written in. */
function typeOf({ protocol }: Route): string {
  return protocol === true ? "application/x-www-form-urlencoded" : "application/json";
}
