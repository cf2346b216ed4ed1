import { decodeJwt, decodeProtectedHeader } from "jose";
import { expect, test } from "vitest";
import type { App, OpenidWorld } from "../openid-world.ts";
import { activityOf, basicOf } from "./flow.ts";

type Sent = {
  readonly app: App;
  readonly form: Readonly<Record<string, string>>;
  readonly posted?: boolean;
};

/** What is answered without the engine's layers is what these would have answered. */
export function plainTests(here: () => OpenidWorld) {
  /** `by` the engine: another charset makes a request one that only the engine takes. */
  const ask = async ({ app, form, posted = false }: Sent, by: "us" | "engine") => {
    const { url } = here();
    const secrets = { client_id: app.clientId, client_secret: app.clientSecret };
    const body = new URLSearchParams({ ...form, ...(posted ? secrets : {}) }).toString();
    const type = "application/x-www-form-urlencoded";
    const answer = await fetch(`${url}/oauth2/token`, {
      method: "POST",
      headers: {
        "content-type": by === "us" ? type : `${type}; charset=iso-8859-1`,
        ...(posted ? {} : { authorization: basicOf(app) }),
      },
      body,
    });
    const changing = ["request-id", "date", "content-length", "etag"];
    const headers = [...answer.headers].filter(([name]) => !changing.includes(name));
    return { status: answer.status, headers: headers.toSorted(), json: await answer.json() };
  };

  /** A token as far as two of the same request are alike. */
  const alike = async (token: string, app: App) => {
    if (!token.includes(".")) {
      const body = new URLSearchParams({ token });
      const headers = { authorization: basicOf(app) };
      const said = await fetch(`${here().url}/oauth2/introspect`, {
        method: "POST",
        body,
        headers,
      });
      const { iat, exp, ...shown } = (await said.json()) as { iat: number; exp: number };
      return { length: token.length, lifetime: exp - iat, shown };
    }
    const { jti, iat = 0, exp = 0, ...claims } = decodeJwt(token);
    const order = Object.keys(decodeJwt(token));
    const header = decodeProtectedHeader(token);
    return { header, claims, order, lifetime: exp - iat, id: String(jti).length };
  };

  const recorded = async (app: App) => {
    const events = await activityOf(here(), "TokenIssued");
    const newest = events.filter(({ data }) => data["clientId"] === app.clientId).at(-1);
    if (newest === undefined) return undefined;
    const { jti, expiresAt, ...data } = newest.data;
    const { actor, stream } = newest;
    return { data, actor, stream, ids: [typeof jti, typeof expiresAt] };
  };

  const posting = { tokenEndpointAuthMethod: "client_secret_post" };
  test.each([
    ["nothing more", {}, {}],
    ["an API and its scopes", { scope: "orders:write orders:read orders:read" }, {}],
    ["an API and a scope that it has not", { scope: "admin" }, {}],
    ["an API and no scope", { scope: "" }, {}],
    ["an API that wants RS256", { scope: "orders:read", signingAlgorithm: "RS256" }, {}],
    ["a secret in the body", { scope: "orders:read" }, posting],
    ["a lifetime of its own", { scope: "orders:read" }, { lifetimes: { accessToken: 77 } }],
    ["a lifetime of its own, opaque", {}, { lifetimes: { accessToken: 77 } }],
    ["our own API", { resource: "ours", scope: "users:read" }, { scopes: ["users:read"] }],
  ])("a machine that asks for %s hears what the engine says", async (_, asked, metadata) => {
    const w = here();
    const app = await w.machine(metadata);
    const { resource, scope, ...more } = asked as Record<string, string>;
    const api = resource === "ours" ? w.url : await w.orders(more);
    const form = {
      grant_type: "client_credentials",
      ...(scope === undefined ? {} : { resource: api }),
      ...(scope === undefined || scope === "" ? {} : { scope }),
    };
    const posted = metadata === posting;
    const said = [];
    for (const by of ["us", "engine"] as const) {
      const { json, ...answer } = await ask({ app, form, posted }, by);
      expect(answer.status, JSON.stringify(json)).toBe(200);
      const { access_token, ...rest } = json as { access_token: string };
      said.push({
        ...answer,
        rest,
        order: Object.keys(json as object),
        token: await alike(access_token, app),
        recorded: await recorded(app),
      });
    }
    expect(said[0]).toEqual(said[1]);
  });
}
