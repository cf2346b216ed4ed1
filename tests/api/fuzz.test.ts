import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryServices } from "./memory-services.ts";
import { PASSWORD, TOKEN, type World, world } from "./world.ts";

/** Requests a route gets; a longer search runs with another seed when a fault is suspected. */
const RUNS = 60;
const SEED = 20_261_121;
/** Any answer of ours is long there by then. */
const HANG_MS = 10_000;

type Schema = {
  readonly type?: string | ReadonlyArray<string>;
  readonly enum?: ReadonlyArray<unknown>;
  readonly properties?: Record<string, Schema>;
  readonly required?: ReadonlyArray<string>;
  readonly items?: Schema;
  readonly anyOf?: ReadonlyArray<Schema>;
  readonly format?: string;
};
type Parameter = { readonly name: string; readonly in: string; readonly schema: Schema };
type Operation = {
  readonly parameters: ReadonlyArray<Parameter>;
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
};

let w: World;
let architect: Awaited<ReturnType<World["architect"]>>;
let operations: ReadonlyArray<readonly [string, string, Operation]>;

beforeAll(async () => {
  w = await world(memoryServices);
  architect = await w.architect();
  const { paths } = (await w.ask("GET", "/openapi.json")).json;
  operations = Object.entries(paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [method, path, operation] as const),
  );
});
afterAll(() => w.close());

/** People with live sessions and a store: the route before may have ended them all. */
async function arrange() {
  const body = { identifier: architect.email, password: PASSWORD };
  const owner = await w.ask("POST", "/v1/sign-in", { body });
  expect(owner.status).toBe(200);
  const cookie = String(owner.cookie);
  const admin = await w.withRole("admin", { cookie });
  const guest = await w.ask("POST", "/v1/guest");
  const store = await w.ask("POST", "/v1/stores", { cookie, body: { name: "Fuzz" } });
  return {
    cookies: [cookie, cookie, admin.cookie, guest.cookie, undefined, "junk"],
    ids: [architect.id, admin.id, guest.json.user.id, store.json.id] as ReadonlyArray<string>,
  };
}

const nasty = fc.constantFrom(
  "",
  "\u0000",
  "\u202e",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "' OR 1=1 --",
  "%00",
  "%",
  "user:*",
  "a@b.example",
  "-1",
  "1e9",
  "9007199254740993",
  "2026-13-45T99:99:99Z",
  "9999-12-31T23:59:59.999Z",
  "+275760-09-13T00:00:00.000Z",
  "x".repeat(5_000),
  TOKEN,
);
const textOf = (ids: ReadonlyArray<string>) =>
  fc.oneof(nasty, fc.string({ unit: "binary", maxLength: 40 }), fc.constantFrom(...ids), fc.uuid());

/** Mostly what the schema asks for, sometimes anything else. */
function value(schema: Schema, text: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const fitting = (): fc.Arbitrary<unknown> => {
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    if (schema.anyOf !== undefined)
      return fc.oneof(...schema.anyOf.map((each) => value(each, text)));
    const { properties = {}, required = [] } = schema;
    switch (schema.type) {
      case "object":
        return fc.record(
          Object.fromEntries(
            Object.entries(properties).map(([name, of]) => [name, value(of, text)]),
          ),
          { requiredKeys: [...required] },
        );
      case "array":
        return fc.array(value(schema.items ?? {}, text), { maxLength: 4 });
      case "integer":
        return fc.integer();
      case "boolean":
        return fc.boolean();
      case "null":
        return fc.constant(null);
      default:
        return text;
    }
  };
  return fc.oneof({ weight: 6, arbitrary: fitting() }, { weight: 1, arbitrary: fc.jsonValue() });
}

test("no request, however odd, gets a 500, a hang or a stack trace", async () => {
  for (const [method, path, operation] of operations) {
    const { cookies, ids } = await arrange();
    const text = textOf(ids);
    const inside = (where: string) => operation.parameters.filter((each) => each.in === where);
    const params = (names: ReadonlyArray<Parameter>, all: boolean) =>
      fc.record(
        Object.fromEntries(names.map(({ name }) => [name, text])),
        all ? {} : { requiredKeys: [] },
      );
    const schema = operation.requestBody?.content["application/json"]?.schema ?? {
      type: "object",
    };
    const asked = fc.record({
      cookie: fc.constantFrom(...cookies),
      inPath: params(inside("path"), true),
      inQuery: params(inside("query"), false),
      headers: fc.record(
        {
          "idempotency-key": fc.string({ maxLength: 20 }).filter(isHeaderValue),
          "ledger-at-least": fc.string({ maxLength: 5 }).filter(isHeaderValue),
          "last-event-id": fc.nat().map(String),
        },
        { requiredKeys: [] },
      ),
      body: fc.oneof(
        { weight: 5, arbitrary: value(schema, text).map((body) => JSON.stringify(body)) },
        { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
      ),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ cookie, inPath, inQuery, headers, body }) => {
        const filled = path.replaceAll(/\{([A-Za-z]+)\}/g, (_, name: string) =>
          encodeURIComponent((inPath[name] ?? "").toWellFormed()),
        );
        const query = new URLSearchParams(Object.entries(inQuery).map(pair)).toString();
        const target = `${filled}${query === "" ? "" : `?${query}`}`;
        const heard = await inTime(
          w.send(method.toUpperCase(), target, {
            cookie,
            headers,
            ...(method === "get" ? {} : { raw: body.toWellFormed() }),
          }),
        );
        expect(heard.status).not.toBe(500);
        expect(heard.headers.get("request-id")).not.toBeNull();
        if (heard.headers.get("content-type") === "text/event-stream") {
          await heard.body?.cancel();
          return;
        }
        expect(await inTime(heard.text())).not.toMatch(/\n\s+at |node_modules|\.ts:\d/);
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
  }
  expect(w.lines).toEqual([]);
}, 120_000);

function pair([name, value]: readonly [string, string | undefined]): [string, string] {
  return [name, value ?? ""];
}

function isHeaderValue(candidate: string): boolean {
  try {
    return new Headers({ candidate }).has("candidate");
  } catch {
    return false;
  }
}

async function inTime<A>(work: Promise<A>): Promise<A> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer: a hang")), HANG_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
