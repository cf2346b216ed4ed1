import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { areasOf } from "../../api/documents/areas.ts";
import { exampleOf } from "../../api/documents/example-of.ts";
import { routes } from "../../api/routes.ts";
import type { JsonObject } from "../../domain/json.ts";
import { memoryServices } from "./memory-services.ts";
import { ORIGIN, type World, world } from "./world.ts";

let w: World;
beforeAll(async () => {
  w = await world(memoryServices);
});
afterAll(() => w.close());

const read = async (path: string) => {
  const response = await w.send("GET", path);
  expect(response.status).toBe(200);
  return { text: await response.text(), headers: response.headers };
};

test("/docs shows every route, in one area each, with an example that runs", async () => {
  const { text, headers } = await read("/docs");
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  const shown = [...text.matchAll(/<span class="method \w+">(\w+)<\/span><code>([^<]+)<\/code>/g)];
  const all = areasOf(routes).flatMap((area) => area.routes);
  expect(shown.map(([, method, path]) => `${method} ${path}`)).toEqual(
    all.map(({ method, path }) => `${method} ${path}`),
  );
  expect(new Set(all)).toEqual(new Set(routes));
  expect(text).toContain("by the link that <code>appoint-architect</code> printed");
  expect(text.replaceAll(/<pre>.*?<\/pre>/gs, "")).not.toContain("`");
  for (const { path } of routes) {
    expect(text).toContain(`${ORIGIN}${path.replaceAll(/:([A-Za-z]+)/g, "{$1}")}`);
  }
});

test("/docs needs no script and nothing of anybody else's, nor may it", async () => {
  const { text, headers } = await read("/docs");
  expect(text).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|javascript:|@import|url\(/i);
  const style = /<style>(.*?)<\/style>/s.exec(text)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  const policy = headers.get("content-security-policy");
  expect(policy).toContain(`style-src 'sha256-${hash}'`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe");
  expect([...text.matchAll(/<h1/g)]).toHaveLength(1);
  const anchors = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  for (const id of anchors) expect(text).toContain(`id="${id}"`);
});

test.each(
  routes.flatMap((route) =>
    route.body === undefined ? [] : [[`${route.method} ${route.path}`, route.body] as const],
  ),
)("the example body of %s is one that it takes", (_, body) => {
  const schema = z.toJSONSchema(body, { io: "input", unrepresentable: "any" });
  expect(body.safeParse(exampleOf(schema as JsonObject)).error?.issues ?? []).toEqual([]);
});

test("llms.txt names every route and says who may call it", async () => {
  const { text, headers } = await read("/llms.txt");
  expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
  for (const { method, path, summary } of routes) {
    expect(text).toContain(`\`${method} ${path}\``);
    expect(text).toContain(summary);
  }
  expect(text).toMatch(/^# Authledger\n\n> /);
});
