import { expect, test } from "vitest";
import type { Stage } from "../suite.ts";
import { FRIEND, ORIGIN, PASSWORD } from "../world.ts";

export function originTests({ here }: Stage): void {
  const refused = [
    "https://evil.example",
    "null",
    "http://localhost:4001",
    "https://localhost:4000",
    `${ORIGIN}.evil.example`,
    "https://app.example.org.evil.example",
    "http://app.example.org",
  ];

  test.each(refused)("a POST from %s is refused, signed in or not", async (origin) => {
    const { cookie } = await here().person("victim");
    const before = await here().heads();
    for (const asked of [
      { headers: { origin }, cookie, body: { name: "Mine" } },
      { headers: { origin }, body: { name: "Mine" } },
    ]) {
      const heard = await here().ask("PATCH", "/v1/me", asked);
      expect([heard.status, heard.json.code]).toEqual([403, "origin_refused"]);
      expect(heard.headers.get("access-control-allow-origin")).toBeNull();
    }
    const body = { email: "csrf@example.org", password: PASSWORD };
    expect((await here().ask("POST", "/v1/sign-up", { headers: { origin }, body })).status).toBe(
      403,
    );
    expect(await here().heads()).toEqual(before);
  });

  test.each([ORIGIN, FRIEND])("a POST from %s passes and may read the answer", async (origin) => {
    const { cookie } = await here().person("friend");
    const asked = { headers: { origin }, cookie, body: { name: "Mine" } };
    const heard = await here().ask("PATCH", "/v1/me", asked);
    expect(heard.status).toBe(200);
    expect(heard.headers.get("access-control-allow-origin")).toBe(origin);
    expect(heard.headers.get("access-control-allow-credentials")).toBe("true");
    expect(heard.headers.get("vary")).toBe("Origin");
  });

  test("without Origin, what the browser says of the site decides", async () => {
    const { cookie } = await here().person("fetch");
    const status = async (site: string) => {
      const headers = { "sec-fetch-site": site };
      return (await here().ask("PATCH", "/v1/me", { cookie, headers, body: {} })).status;
    };
    expect(await status("same-origin")).toBe(200);
    expect(await status("none")).toBe(200);
    expect(await status("same-site")).toBe(403);
    expect(await status("cross-site")).toBe(403);
  });

  test("a preflight passes for a listed origin and is cached a day", async () => {
    const preflight = (origin: string) =>
      here().send("OPTIONS", "/v1/me", {
        headers: { origin, "access-control-request-method": "PATCH" },
      });
    const passed = await preflight(FRIEND);
    expect(passed.status).toBe(204);
    expect(passed.headers.get("access-control-allow-origin")).toBe(FRIEND);
    expect(passed.headers.get("access-control-max-age")).toBe("86400");
    const other = await preflight("https://evil.example");
    expect(other.headers.get("access-control-allow-origin")).toBeNull();
    expect(other.status).toBe(405);
  });
}
