import { expect, test } from "vitest";
import type { Stage } from "../suite.ts";

const COOKIE_DOMAIN = "example.org";

export function verifyTests({ here, fresh }: Stage): void {
  const verify = (cookie: string | undefined, query = "", w = here()) =>
    w.ask("GET", `/v1/session/verify${query}`, { cookie });

  test("a proxy is told who is signed in, in headers that are fixed", async () => {
    const { id, cookie } = await here().person("visitor");
    const heard = await verify(cookie);
    expect(heard.status).toBe(204);
    const { session } = (await here().ask("GET", "/v1/session", { cookie })).json;
    const told = ["user", "roles", "session"].map((name) =>
      heard.headers.get(`authledger-${name}`),
    );
    expect(told).toEqual([id, "user", session.id]);
    const head = await here().ask("HEAD", "/v1/session/verify", { cookie });
    expect([head.status, head.headers.get("authledger-user")]).toEqual([204, id]);
    const nobody = await verify(undefined);
    expect([nobody.status, nobody.json.code]).toEqual([401, "unauthenticated"]);
    expect(nobody.headers.has("authledger-user")).toBe(false);
  });

  test("a header such as authledger-user or x-user-id is neither believed nor echoed", async () => {
    const { id, cookie } = await here().person("honest");
    const forged = {
      "authledger-user": "somebody-else",
      "authledger-roles": "architect",
      "authledger-session": "forged",
      "x-user-id": "somebody-else",
      "x-forwarded-user": "somebody-else",
    };
    const nobody = await here().ask("GET", "/v1/session/verify", { headers: forged });
    expect(nobody.status).toBe(401);
    const heard = await here().ask("GET", "/v1/session/verify?role=architect", {
      cookie,
      headers: forged,
    });
    expect(heard.status).toBe(403);
    const passed = await here().ask("GET", "/v1/session/verify", { cookie, headers: forged });
    expect(passed.headers.get("authledger-user")).toBe(id);
    expect(passed.headers.get("authledger-roles")).toBe("user");
    for (const { headers, json } of [nobody, heard, passed]) {
      expect(JSON.stringify([...headers, json])).not.toMatch(/somebody-else|forged/);
    }
  });

  test("each role and group that is named must hold, and a refusal names the first", async () => {
    const w = await fresh();
    const architect = await w.architect();
    const buyer = await w.withRole("buyer", architect);
    const cases: ReadonlyArray<readonly [string, number, string?]> = [
      ["?role=buyer", 204],
      ["?role=user&role=buyer", 204],
      ["?role=buyer&role=admin", 403, "admin"],
      ["?group=account", 204],
      ["?group=account&group=staff", 403, "staff"],
      ["?role=buyer&group=account", 204],
      ["?role=pirate", 403, "pirate"],
      ["?group=toString", 403, "toString"],
      ["?role=", 400],
      ["?permission=read", 400],
      [`?${"role=user&".repeat(21)}`, 400],
    ];
    for (const [query, status, requires] of cases) {
      const heard = await verify(buyer.cookie, query, w);
      expect([heard.status, heard.json?.requires], query).toEqual([status, requires]);
    }
    const owner = await verify(architect.cookie, "?role=architect&group=staff&group=admin", w);
    expect([owner.status, owner.headers.get("authledger-roles")]).toEqual([204, "architect"]);
  });

  test("a role of the installation's own has its groups", async () => {
    const w = await fresh();
    const architect = await w.architect();
    const { cookie } = architect;
    const body = { name: "pirate", description: "Sails", groups: ["staff"] };
    const defined = await w.ask("POST", "/v1/roles", { cookie, body });
    // The route is another part's: without it there is nothing to see here.
    if (defined.status === 404) return;
    expect(defined.status).toBe(201);
    const pirate = await w.withRole("pirate", architect);
    expect((await verify(pirate.cookie, "?role=pirate&group=staff", w)).status).toBe(204);
    expect((await verify(pirate.cookie, "?group=finance", w)).status).toBe(403);
  });

  test("a second cookie serves subdomains, and knowing it gives no session", async () => {
    const w = await fresh({ cookieDomain: COOKIE_DOMAIN, publicMode: true });
    const heard = await w.ask("POST", "/v1/guest");
    const set = heard.headers.getSetCookie();
    const kept = "Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure";
    expect(set).toEqual([
      expect.stringMatching(new RegExp(`^__Host-authledger_session=[\\w-]{64}; ${kept}$`)),
      expect.stringMatching(
        new RegExp(`^__Secure-authledger_verify=[\\w-]{64}; Domain=example\\.org; ${kept}$`),
      ),
    ]);
    const pairs = set.map((cookie) => String(cookie.split(";")[0]));
    const own = String(pairs[0]);
    const second = String(pairs[1]);
    expect((await verify(second, "", w)).headers.get("authledger-user")).toBe(heard.json.user.id);
    expect((await w.ask("GET", "/v1/session", { cookie: second })).status).toBe(200);
    for (const path of ["/v1/me", "/v1/me/sessions", "/v1/me/history"]) {
      expect((await w.ask("GET", path, { cookie: second })).status, path).toBe(401);
    }
    const out = await w.ask("POST", "/v1/sign-out", { cookie: second });
    expect(out.status).toBe(204);
    expect(await w.ask("GET", "/v1/session", { cookie: own })).toMatchObject({ status: 200 });
    const asSession = second.replace("__Secure-authledger_verify", "__Host-authledger_session");
    expect((await w.ask("GET", "/v1/session", { cookie: asSession })).status).toBe(401);
    const asVerify = own.replace("__Host-authledger_session", "__Secure-authledger_verify");
    expect((await verify(asVerify, "", w)).status).toBe(401);
    expect((await verify(`${second}; ${second}`, "", w)).status).toBe(401);
  });

  test("the verify cookie is exchanged at an elevation and ends with the session", async () => {
    const w = await fresh({ cookieDomain: COOKIE_DOMAIN });
    const { cookie } = await w.person("subdomain");
    const [own, second] = cookie.split("; ");
    expect((await verify(second, "", w)).status).toBe(204);
    const password = "correct horse battery";
    const elevated = await w.ask("POST", "/v1/session/elevate", {
      cookie: own,
      body: { password },
    });
    const [newOwn, newSecond] = String(elevated.cookie).split("; ");
    expect((await verify(second, "", w)).status).toBe(401);
    expect((await verify(newSecond, "", w)).status).toBe(204);
    const out = await w.ask("POST", "/v1/sign-out", { cookie: newOwn });
    expect(out.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^authledger_session=; Path=\/; Max-Age=0/),
      expect.stringMatching(/^authledger_verify=; Domain=example\.org; Path=\/; Max-Age=0/),
    ]);
    expect((await verify(newSecond, "", w)).status).toBe(401);
  });

  test("a visit by the verify cookie keeps the session and answers that cookie", async () => {
    const w = await fresh({ cookieDomain: COOKIE_DOMAIN });
    const { cookie } = await w.person("elsewhere");
    const second = cookie.split("; ")[1];
    w.forward(20 * 24 * 60 * 60 * 1000);
    const heard = await verify(second, "", w);
    expect(heard.headers.getSetCookie()).toEqual([
      `${second}; Domain=example.org; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax`,
    ]);
    w.forward(20 * 24 * 60 * 60 * 1000);
    expect((await w.ask("GET", "/v1/me", { cookie })).status).toBe(200);
  });

  test("without a cookie domain the verify cookie is nobody's", async () => {
    const w = await fresh({ cookieDomain: COOKIE_DOMAIN });
    const { cookie } = await w.person("before");
    const second = cookie.split("; ")[1];
    expect((await verify(second, "", w)).status).toBe(204);
    expect((await verify(second)).status).toBe(401);
  });
}
