import { afterAll, beforeAll, expect, test } from "vitest";
import { routes } from "../../api/routes.ts";
import { memoryServices } from "./memory-services.ts";
import { ORIGIN, type World, world } from "./world.ts";

type Schema = { readonly [member: string]: unknown };
type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly security: ReadonlyArray<unknown>;
  readonly parameters: ReadonlyArray<{
    name: string;
    in: string;
    required?: boolean;
    schema: Schema;
  }>;
  readonly requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  readonly responses: Record<string, { description: string; content?: Record<string, unknown> }>;
};
type Document = {
  readonly openapi: string;
  readonly info: Schema;
  readonly servers: unknown;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Schema; readonly securitySchemes: Schema };
};

let w: World;
let document: Document;
beforeAll(async () => {
  w = await world(memoryServices);
  document = (await w.ask("GET", "/openapi.json")).json;
});
afterAll(() => w.close());

test("the document is OpenAPI 3.1 about this server", () => {
  expect(document).toMatchObject({
    openapi: "3.1.0",
    info: { title: "Authledger", version: "0.0.0-test" },
    servers: [{ url: ORIGIN }],
  });
});

test("every route is in the document, and nothing else", () => {
  const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const there = routes.map(
    ({ method, path }) => `${method} ${path.replaceAll(/:([A-Za-z]+)/g, "{$1}")}`,
  );
  expect(documented.toSorted()).toEqual(there.toSorted());
});

test.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
  "%s is described whole",
  (_, route) => {
    const path = route.path.replaceAll(/:([A-Za-z]+)/g, "{$1}");
    const operation = document.paths[path]?.[route.method.toLowerCase()];
    if (operation === undefined) throw new Error(`${path} is missing`);
    expect(operation.summary).not.toBe("");
    const scopes = [route.scope ?? []].flat().filter((scope) => scope !== "any");
    const tokens = route.scope === undefined ? [] : [{ accessToken: scopes }];
    expect(operation.security).toEqual(route.auth === "public" ? [] : [{ session: [] }, ...tokens]);
    const inPath = operation.parameters.filter((parameter) => parameter.in === "path");
    expect(inPath.map(({ name, required }) => [name, required])).toEqual(
      [...route.path.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => [name, true]),
    );
    const inQuery = operation.parameters.filter((parameter) => parameter.in === "query");
    expect(inQuery.map(({ name }) => name)).toEqual(
      expect.arrayContaining(Object.keys(route.query?.shape ?? {})),
    );
    for (const { schema } of operation.parameters) expect(schema["type"]).toBeDefined();
    const form = "application/x-www-form-urlencoded";
    const type = route.protocol === true ? form : "application/json";
    const body = operation.requestBody?.content[type]?.schema;
    expect(body === undefined).toBe(route.body === undefined);
    const strict = route.protocol !== true;
    if (body !== undefined && strict) expect(body["additionalProperties"]).toBe(false);
    for (const [status, { description }] of Object.entries(operation.responses)) {
      expect(status).toMatch(/^[2-5]\d\d$/);
      expect(description).not.toBe("");
    }
    for (const status of Object.keys(route.responses)) {
      expect(operation.responses[status]).toBeDefined();
    }
  },
);

test("ids are unique, optional fields are not required, references lead somewhere", () => {
  const ids = Object.values(document.paths).flatMap((operations) =>
    Object.values(operations).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  const signUp = document.paths["/v1/sign-up"]?.["post"]?.requestBody?.content["application/json"];
  expect(signUp?.schema["required"]).toEqual(["email", "password"]);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)];
  for (const [, reference = ""] of references) {
    const target = reference
      .slice("#/".length)
      .split("/")
      .reduce<unknown>((at, step) => (at as Schema | undefined)?.[step], document);
    expect(target, reference).toBeDefined();
  }
});
