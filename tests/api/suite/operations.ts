import { expect, test } from "vitest";
import { readModels } from "../../../projections/catalogue.ts";
import type { Stage } from "../suite.ts";

export function operationTests({ here }: Stage): void {
  test("healthz and readyz answer, with every read model's lag", async () => {
    expect((await here().ask("GET", "/healthz")).json).toEqual({ status: "ok" });
    const { json } = await here().ask("GET", "/readyz");
    expect(json.models.map(({ model }: { model: string }) => model).toSorted()).toEqual(
      readModels.map(({ name }) => name).toSorted(),
    );
    for (const { lag, parked } of json.models) expect([lag >= 0, parked]).toEqual([true, 0]);
  });

  test("what is not there is 404, what is there otherwise is 405 with Allow", async () => {
    const missing = await here().ask("GET", "/v1/nothing");
    expect([missing.status, missing.json.code]).toEqual([404, "not_found"]);
    const wrong = await here().ask("PUT", "/v1/me");
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET, PATCH, DELETE"]);
  });

  test("every answer is guarded: no sniffing, no framing, no referrer, no store", async () => {
    for (const path of ["/healthz", "/v1/session", "/nothing", "/openapi.json"]) {
      const { headers } = await here().send("GET", path);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });

  test("no GET changes state", async () => {
    const { cookie } = await here().architect();
    const before = await here().heads();
    for (const path of [
      "/v1/sign-out",
      "/v1/guest",
      "/v1/sign-up",
      "/v1/me",
      "/v1/me/sessions",
      "/v1/session",
      "/v1/users",
      "/v1/architects",
      "/v1/stores",
    ]) {
      await (await here().send("GET", path, { cookie })).text();
    }
    expect(await here().heads()).toEqual(before);
  });
}
