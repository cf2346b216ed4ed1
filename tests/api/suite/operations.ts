import * as Redacted from "effect/Redacted";
import { expect, test } from "vitest";
import { readModels } from "../../../projections/catalogue.ts";
import { readPrometheus } from "../../support/prometheus.ts";
import type { Stage } from "../suite.ts";
import { ELSEWHERE } from "../world.ts";

const METRICS_TOKEN = Redacted.make("the-metrics-token-of-this-test");

export function operationTests({ here, fresh }: Stage): void {
  test("healthz and readyz answer, with every read model's lag", async () => {
    expect((await here().ask("GET", "/healthz")).json).toEqual({ status: "ok" });
    const { json } = await here().ask("GET", "/readyz");
    expect(json.models.map(({ model }: { model: string }) => model).toSorted()).toEqual(
      readModels.map(({ name }) => name).toSorted(),
    );
    for (const { lag, parked } of json.models) expect([lag >= 0, parked]).toEqual([true, 0]);
  });

  test("metrics count requests by route pattern, events and lag, and name nobody", async () => {
    const { ask, send, person } = here();
    const { id, cookie, email } = await person("metered");
    await ask("GET", `/v1/users/${id}`, { cookie });
    await ask("GET", `/v1/nothing/${email}?token=${id}`);
    const response = await send("GET", "/metrics");
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const text = await response.text();
    const samples = readPrometheus(text);
    const valuesOf = (name: string, labels: object) =>
      samples
        .filter((each) => each.name === name)
        .filter((each) => Object.entries(labels).every(([k, v]) => each.labels[k] === v))
        .map(({ value }) => value);
    const requests = "authledger_http_request_duration_seconds_count";
    const route = "/v1/users/:id";
    expect(valuesOf(requests, { method: "GET", route, status: "4xx" })).toEqual([1]);
    expect(valuesOf(requests, { route: "none", status: "4xx" })[0]).toBeGreaterThan(0);
    expect(valuesOf("authledger_http_problems_total", { route, code: "forbidden" })).toEqual([1]);
    expect(valuesOf("authledger_http_requests_in_flight", {})).toEqual([1]);
    const events = { ledger: "identity", type: "UserSignedUp" };
    expect(valuesOf("authledger_events_total", events)[0]).toBeGreaterThan(0);
    expect(valuesOf("authledger_store_up", {})).toEqual([1]);
    expect(valuesOf("authledger_ledger_position", { ledger: "identity" })[0]).toBeGreaterThan(1);
    for (const { name } of readModels) {
      expect(valuesOf("authledger_projection_lag_events", { model: name })).toHaveLength(1);
      expect(valuesOf("authledger_projection_parked_keys", { model: name })).toEqual([0]);
    }
    for (const personal of [id, email, ELSEWHERE]) expect(text).not.toContain(personal);
    for (const { labels } of samples) expect(Object.keys(labels).length).toBeLessThanOrEqual(10);
  });

  test("metrics are closed on a public URL, and with a token open to who sends it", async () => {
    const closed = await fresh({ publicMode: true, url: "https://id.example.com" });
    const refused = await closed.ask("GET", "/metrics", { remoteAddress: "127.0.0.1" });
    expect([refused.status, refused.json.code]).toEqual([403, "metrics_closed"]);
    const guarded = await fresh({ metricsToken: METRICS_TOKEN });
    const read = (authorization: string) =>
      guarded.send("GET", "/metrics", { headers: { authorization } });
    expect((await read(`Bearer ${Redacted.value(METRICS_TOKEN)}`)).status).toBe(200);
    for (const wrong of ["", "Bearer", "Bearer x", `Basic ${Redacted.value(METRICS_TOKEN)}`]) {
      expect((await read(wrong)).status).toBe(401);
    }
  });

  test("unknown and known accounts differ in answer: not in what readyz counts", async () => {
    const url = "https://id.example.com";
    const open = await fresh({ publicMode: true, url, metricsToken: METRICS_TOKEN });
    const ready = (headers = {}) => open.ask("GET", "/readyz", { headers });
    expect((await ready()).json).toEqual({ status: "ready", problems: [] });
    const authorization = `Bearer ${Redacted.value(METRICS_TOKEN)}`;
    expect((await ready({ authorization })).json.ledgers).toHaveLength(2);
    expect((await ready()).headers.get("strict-transport-security")).toBe("max-age=31536000");
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
