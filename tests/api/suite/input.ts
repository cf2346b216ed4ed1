import { beforeAll, expect, test } from "vitest";
import { routes } from "../../../api/routes.ts";
import type { Stage } from "../suite.ts";

const sample: Readonly<Record<string, string>> = {
  kid: "A".repeat(43),
  id: crypto.randomUUID(),
  userId: crypto.randomUUID(),
  sessionId: crypto.randomUUID(),
  secretId: crypto.randomUUID(),
  role: "buyer",
  name: "pirate",
  position: "1",
};
const pathOf = (path: string) =>
  path.replaceAll(/:([A-Za-z]+)/g, (_, name) => sample[name] ?? name);
/** What a protocol says of its parameters and bodies, its own tests hold. */
const ours = routes.filter(({ protocol }) => protocol !== true);
const writes = ours
  .filter(({ method }) => method !== "GET")
  .map((route) => [`${route.method} ${route.path}`, route] as const);
const reads = ours
  .filter(({ method }) => method === "GET")
  .map((route) => [`${route.method} ${route.path}`, route] as const);
const gated = routes
  .filter(({ auth }) => auth !== "public")
  .map((route) => [`${route.method} ${route.path}`, route] as const);

export function inputTests({ here }: Stage): void {
  let cookie: string;
  let before: ReadonlyArray<number>;
  beforeAll(async () => {
    cookie = (await here().architect()).cookie;
    before = await here().heads();
  });
  const json = { "content-type": "application/json" };
  const bytes = (text: string) => new TextEncoder().encode(text);

  const bodies: ReadonlyArray<readonly [string, string | Uint8Array<ArrayBuffer>, number, string]> =
    [
      ["an unknown field", '{"surprise":1}', 400, "unknown_field"],
      ["a duplicate field", '{"a":1,"a":2}', 400, "duplicate_field"],
      ["an escaped duplicate field", '{"a":1,"\\u0061":2}', 400, "duplicate_field"],
      ["a prototype key", '{"__proto__":{"admin":true}}', 400, "unknown_field"],
      ["a constructor key", '{"constructor":{}}', 400, "unknown_field"],
      ["a list", "[]", 400, "invalid_field"],
      ["a string", '"text"', 400, "invalid_field"],
      ["null", "null", 400, "invalid_field"],
      ["half of it", '{"a":', 400, "malformed_json"],
      ["more than one value", "{}{}", 400, "malformed_json"],
      ["a trailing comma", '{"a":1,}', 400, "malformed_json"],
      ["NaN", '{"a":NaN}', 400, "malformed_json"],
      ["an endless number", '{"a":1e999}', 400, "malformed_json"],
      ["a raw control character", '{"a":"\u0001"}', 400, "malformed_json"],
      ["a lone surrogate", '{"a":"\\ud800"}', 400, "malformed_json"],
      ["bytes that are not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), 400, "malformed_json"],
      ["UTF-16", new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), 400, "malformed_json"],
      ["a byte order mark", bytes("\ufeff{}"), 400, "malformed_json"],
      ["nesting", `${"[".repeat(5000)}${"]".repeat(5000)}`, 400, "json_too_deep"],
      ["too much", `{"a":"${"x".repeat(70_000)}"}`, 413, "body_too_large"],
    ];

  test.each(writes)("%s refuses every body that is not what it asks for", async (_, route) => {
    for (const [what, raw, status, code] of bodies) {
      const heard = await here().ask(route.method, pathOf(route.path), { cookie, raw });
      expect([heard.status, heard.json?.code], what).toEqual([status, code]);
    }
    for (const type of [
      "text/plain",
      "application/json; charset=utf-16",
      "application/x-www-form-urlencoded",
    ]) {
      const headers = { "content-type": type };
      const heard = await here().ask(route.method, pathOf(route.path), {
        cookie,
        raw: "{}",
        headers,
      });
      expect([heard.status, heard.json?.code], type).toEqual([415, "unsupported_media_type"]);
    }
  });

  test.each(writes)("%s names each field of the wrong type", async (_, route) => {
    const document = route.body === undefined ? {} : shapeOf(route.body);
    for (const field of Object.keys(document)) {
      const body = { [field]: { nested: { wrong: true } } };
      const heard = await here().ask(route.method, pathOf(route.path), { cookie, body });
      expect(heard.status, field).toBe(400);
      expect(heard.json.code, field).toMatch(/^(invalid|unknown)_field$/);
      expect(heard.json.field, field).toBeDefined();
    }
  });

  test.each([...writes, ...reads])(
    "%s refuses unknown and repeated parameters",
    async (_, route) => {
      if (route.path === "/healthz" || route.path === "/readyz") return;
      const path = pathOf(route.path);
      const surprise = await here().ask(route.method, `${path}?surprise=1`, { cookie });
      expect(surprise.json).toMatchObject({
        status: 400,
        code: "unknown_field",
        field: "surprise",
      });
      const twice = await here().ask(route.method, `${path}?limit=1&limit=2`, { cookie });
      expect(twice.json).toMatchObject({ status: 400, code: "duplicate_field", field: "limit" });
      for (const name of Object.keys(route.query?.shape ?? {})) {
        const heard = await here().ask(route.method, `${path}?${name}=%00`, { cookie });
        const field = route.repeats?.includes(name) ? `${name}.0` : name;
        expect(heard.json, name).toMatchObject({ status: 400, code: "invalid_field", field });
      }
    },
  );

  test.each(gated)("%s is closed to strangers", async (_, route) => {
    const heard = await here().ask(route.method, pathOf(route.path));
    expect([heard.status, heard.json.code]).toEqual([401, "unauthenticated"]);
  });

  test.each(gated)("%s is closed to those without the role", async (_, route) => {
    if (route.auth === "session" || typeof route.auth === "string") return;
    const guest = await here().ask("POST", "/v1/guest");
    const heard = await here().ask(route.method, pathOf(route.path), { cookie: guest.cookie });
    expect(heard.json).toMatchObject({ status: 403, code: "forbidden", requires: route.auth[0] });
  });

  test("a body that says it is too large is refused before it is read", async () => {
    const headers = { ...json, "content-length": "99999999" };
    const heard = await here().ask("POST", "/v1/sign-in", { headers, raw: "{}" });
    expect([heard.status, heard.json.code]).toEqual([413, "body_too_large"]);
  });

  test("nothing of all this appended anything but guests, and nothing was a defect", async () => {
    const guests = gated.filter(([, { auth }]) => typeof auth !== "string").length;
    const [identity = 0] = before;
    expect((await here().heads())[0]).toBe(identity + guests);
    expect(here().lines).toEqual([]);
  });

  function shapeOf(body: object): Readonly<Record<string, unknown>> {
    return "shape" in body ? (body.shape as Record<string, unknown>) : {};
  }
}
