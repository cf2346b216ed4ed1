import { expect, test } from "vitest";
import { FROM, type OpenidWorld } from "../openid-world.ts";
import { begin, configOf, post } from "./flow.ts";

/** POSTs of a network that pass in ten seconds (requirement D19). */
const MAX = 100;

export function protocolThrottleTests(here: () => OpenidWorld) {
  const statuses = (all: ReadonlyArray<{ readonly status: number }>) => {
    const counts = new Map<number, number>();
    for (const { status } of all) counts.set(status, (counts.get(status) ?? 0) + 1);
    return counts;
  };
  const many = <A>(ask: () => Promise<A>) => Promise.all(Array.from({ length: MAX + 8 }, ask));

  test("what strangers leave behind is counted by network", async () => {
    const w = here();
    const grantTypes = ["urn:ietf:params:oauth:grant-type:device_code"];
    const app = await w.app({ type: "native", grantTypes, redirectUris: [] });
    const headers = { [FROM]: "198.51.100.7" };
    const all = await many(() => post(w, "/oauth2/device", { app, headers, scope: "openid" }));
    expect(statuses(all)).toEqual(
      new Map([
        [200, MAX],
        [429, 8],
      ]),
    );
    const refused = all.find(({ status }) => status === 429);
    expect(refused?.json.error).toBe("too_many_requests");
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    const { url } = await begin(await configOf(w, await w.web()));
    const browsed = await fetch(url, { redirect: "manual", headers });
    expect(browsed.headers.get("location")).toContain("error=too_many_requests");
    const elsewhere = await post(w, "/oauth2/device", { app, scope: "openid" });
    expect(elsewhere.status).toBe(200);
  });

  test("who fails to prove to be a client is counted, the client is not", async () => {
    const w = here();
    const machine = await w.machine();
    const headers = { [FROM]: "198.51.100.8" };
    const grant_type = "client_credentials";
    const wrong = { ...machine, clientSecret: "als_wrong" };
    const failed = await many(() => post(w, "/oauth2/token", { app: wrong, headers, grant_type }));
    expect(statuses(failed)).toEqual(
      new Map([
        [401, MAX],
        [429, 8],
      ]),
    );
    const right = await many(() => post(w, "/oauth2/token", { app: machine, headers, grant_type }));
    expect(statuses(right)).toEqual(new Map([[200, MAX + 8]]));
  });
}
