import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { OpenidProvider } from "../../../adapters/oidc-provider/paths.ts";
import { openidProvider } from "../../../adapters/oidc-provider/provider.ts";
import { endExpiredSessions } from "../../../adapters/reactions/sweep-sessions.ts";
import { createOpenidHost } from "../../../api/oidc/create-host.ts";
import { runLogouts } from "../../../api/oidc/run-logouts.ts";
import { logoutReceiver } from "../../support/logout-receiver.ts";
import { certificate } from "../../support/secure-server.ts";
import { until } from "../../support/until.ts";
import type { App, OpenidWorld } from "../openid-world.ts";
import type { Heard } from "../world.ts";
import { begin, configOf, type Person, tokensOf } from "./flow.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const LEASE_MS = 30_000;
const EVENT = "http://schemas.openid.net/event/backchannel-logout";

type Tools = {
  readonly receiver: () => Awaited<ReturnType<typeof logoutReceiver>>;
  readonly start: () => void;
  /** Like a process that is killed: what is under way ends where it is. */
  readonly stop: () => Promise<void>;
  readonly signedInAt: (person: Person, app: App) => Promise<JWTPayload>;
  readonly appOf: (application: { readonly uri: string }) => Promise<App>;
  readonly signOut: (person: Person) => Promise<Heard>;
};

/** Tests with applications that hear, while a process follows and delivers. */
function hearing(here: () => OpenidWorld, tests: (tools: Tools) => void) {
  const skip = { skip: certificate === undefined, meta: { skipped: "no openssl" } };
  describe("an application hears", skip, () => {
    let receiver: Awaited<ReturnType<typeof logoutReceiver>>;
    let running: Fiber.Fiber<never, never> | undefined;
    const start = () => {
      const { services, url: issuer } = here();
      const logouts = runLogouts({ issuer, retryMs: [10], leaseMs: LEASE_MS, pollMs: 50 });
      const forever = Effect.scoped(Effect.andThen(logouts, Effect.never));
      running = Effect.runFork(Effect.provideContext(forever, services));
    };
    const stop = async () => {
      if (running !== undefined) await Effect.runPromise(Fiber.interrupt(running));
      running = undefined;
    };
    beforeAll(async () => {
      receiver = await logoutReceiver();
    });
    afterAll(() => receiver.close());
    beforeEach(start);
    afterEach(stop);
    tests({
      receiver: () => receiver,
      start,
      stop,
      signedInAt: async (person, app) => {
        const { tokens } = await tokensOf(here(), app, { person });
        return decodeJwt(tokens.id_token ?? "");
      },
      appOf: ({ uri }) => here().web({ backchannelLogoutUri: uri }),
      signOut: ({ cookie }) => here().ask("POST", "/v1/sign-out", { cookie }),
    });
  });
}

/** Source: OpenID Connect Back-Channel Logout 1.0. */
export function backchannelLogoutTests(here: () => OpenidWorld) {
  hearing(here, ({ receiver, start, stop, signedInAt, appOf, signOut }) => {
    test("that a session is over, by a token of its own for each", async () => {
      const w = here();
      const [one, other] = [receiver().application(), receiver().application()];
      const discovered = await fetch(`${w.url}/.well-known/openid-configuration`);
      expect(await discovered.json()).toMatchObject({
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
      });
      const [app, another, silent] = [await appOf(one), await appOf(other), await w.web()];
      const ada = await w.person("ada");
      const idToken = await signedInAt(ada, app);
      const second = await signedInAt(ada, another);
      await signedInAt(ada, silent);
      expect(idToken["sid"]).toEqual(expect.any(String));
      expect(idToken["sid"]).not.toBe(second["sid"]);
      await signOut(ada);
      const [post] = await one.hears();
      expect(post).toMatchObject({ method: "POST", type: "application/x-www-form-urlencoded" });
      const jwks = createRemoteJWKSet(new URL(`${w.url}/oauth2/jwks`));
      const { payload, protectedHeader } = await jwtVerify(post?.token ?? "", jwks, {
        issuer: w.url,
        audience: app.clientId,
        typ: "logout+jwt",
        algorithms: ["RS256"],
      });
      expect(protectedHeader).toEqual({
        alg: "RS256",
        typ: "logout+jwt",
        kid: expect.any(String),
      });
      expect(payload).toStrictEqual({
        iss: w.url,
        aud: app.clientId,
        sub: ada.id,
        sid: idToken["sid"],
        events: { [EVENT]: {} },
        jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
        iat: expect.any(Number),
        exp: (payload.iat ?? 0) + 120,
      });
      const [theirs] = await other.hears();
      const told = decodeJwt(theirs?.token ?? "");
      expect(told).toMatchObject({ aud: another.clientId, sub: ada.id, sid: second["sid"] });
      expect(told.jti).not.toBe(payload.jti);
      expect([one.heard().length, other.heard().length]).toEqual([1, 1]);
    });

    const ENDS: ReadonlyArray<readonly [string, (person: Person) => Promise<Heard>]> = [
      [
        "its person is blocked",
        ({ id }) => here().ask("POST", `/v1/users/${id}/block`, { cookie: here().owner.cookie }),
      ],
      ["its person is erased", ({ cookie }) => here().ask("DELETE", "/v1/me", { cookie })],
      [
        "all sessions of its person are revoked",
        ({ id }) =>
          here().ask("DELETE", `/v1/users/${id}/sessions`, { cookie: here().owner.cookie }),
      ],
      [
        "its person ends it from another browser",
        async ({ cookie, email }) => {
          const shown = await here().ask("GET", "/v1/session", { cookie });
          const body = { identifier: email, password: "correct horse battery" };
          const elsewhere = await here().ask("POST", "/v1/sign-in", { body });
          const path = `/v1/me/sessions/${shown.json.session.id}`;
          return here().ask("DELETE", path, { cookie: elsewhere.cookie });
        },
      ],
    ];
    test.each(ENDS)("when %s", async (_, end) => {
      const w = here();
      const application = receiver().application();
      const ada = await w.person("ada");
      const { sid } = await signedInAt(ada, await appOf(application));
      const ended = await end(ada);
      expect(ended.status, JSON.stringify(ended.json)).toBeLessThan(300);
      const [post] = await application.hears();
      expect(decodeJwt(post?.token ?? "")).toMatchObject({ sub: ada.id, sid });
    });

    test("nothing while the session is on, or of the sessions of others", async () => {
      const w = here();
      const [mine, marker] = [receiver().application(), receiver().application()];
      const app = await appOf(mine);
      const [ada, bob] = [await w.person("ada"), await w.person("bob")];
      await signedInAt(ada, app);
      await signedInAt(bob, await appOf(marker));
      await signOut(bob);
      await marker.hears();
      expect(mine.heard()).toEqual([]);
    });

    test("of it again until it says yes, by the same id", async () => {
      const application = receiver().application(500, 404, 302, 204);
      const ada = await here().person("ada");
      await signedInAt(ada, await appOf(application));
      await signOut(ada);
      const posts = await application.hears(4);
      const ids = posts.map(({ token }) => decodeJwt(token).jti);
      expect(new Set(ids).size).toBe(1);
      // Had the fourth not been believed, another would wait at the same store.
      const marker = receiver().application();
      const bob = await here().person("bob");
      await signedInAt(bob, await appOf(marker));
      await signOut(bob);
      await marker.hears();
      expect(application.heard()).toHaveLength(4);
    });

    test("at once, however slow others are", async () => {
      const w = here();
      const slow = receiver().application("hang");
      const slowApp = await appOf(slow);
      const people = await Promise.all([1, 2, 3, 4, 5, 6].map(() => w.person("ada")));
      for (const person of people) await signedInAt(person, slowApp);
      await Promise.all(people.map(signOut));
      await slow.hears();
      const quick = receiver().application();
      const bob = await w.person("bob");
      await signedInAt(bob, await appOf(quick));
      await signOut(bob);
      await quick.hears();
      // The slow one still says nothing, and has not been asked more than it may be.
      expect(slow.most()).toBe(1);
      slow.answer(200);
    });

    test("from the next process, when the one that was to tell it was killed", async () => {
      const w = here();
      const [waiting, unseen] = [receiver().application("hang"), receiver().application()];
      const [ada, bob] = [await w.person("ada"), await w.person("bob")];
      await signedInAt(ada, await appOf(waiting));
      await signedInAt(bob, await appOf(unseen));
      await signOut(ada);
      await waiting.hears();
      await stop();
      // Nobody follows while this one ends.
      await signOut(bob);
      waiting.answer(200);
      start();
      await unseen.hears();
      w.forward(LEASE_MS);
      const [first, again] = await waiting.hears(2);
      expect(decodeJwt(again?.token ?? "").jti).toBe(decodeJwt(first?.token ?? "").jti);
    });

    test("nothing any more once it has no address, or is disabled", async () => {
      const w = here();
      await stop();
      const [gone, disabled] = [receiver().application(), receiver().application()];
      const apps = [await appOf(gone), await appOf(disabled)];
      const ada = await w.person("ada");
      for (const app of apps) await signedInAt(ada, app);
      const { cookie } = w.owner;
      const change = (at: number, body: unknown) =>
        w.ask("PATCH", `/v1/clients/${apps[at]?.clientId}`, { cookie, body });
      expect((await change(0, { backchannelLogoutUri: null })).status).toBe(200);
      expect((await change(1, { disabled: true })).status).toBe(200);
      await signOut(ada);
      const marker = receiver().application();
      const bob = await w.person("bob");
      await signedInAt(bob, await appOf(marker));
      await signOut(bob);
      start();
      await marker.hears();
      expect([gone.heard(), disabled.heard()]).toEqual([[], []]);
    });

    test("of every session: nobody is let in by one that ends meanwhile", async () => {
      const w = here();
      const app = await w.web({ skipConsent: true });
      const { cookie } = await w.person("ada");
      const { url } = await begin(await configOf(w, app));
      const host = createOpenidHost(w.services, w.settings);
      const answered = async (protocol: OpenidProvider) => {
        const server = createServer(protocol.listener);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        const there = new URL(`${url.pathname}${url.search}`, `http://127.0.0.1:${port}`);
        const response = await fetch(there, { headers: { cookie }, redirect: "manual" });
        server.close();
        return `${response.status} ${response.headers.get("location")}`;
      };
      // By the time that the engine has let the application in, the session is over.
      const ended = openidProvider({ ...host, session: async () => undefined });
      expect(await answered(ended)).not.toContain("code=");
      expect(await answered(openidProvider(host))).toContain("code=");
    });
  });
}

/** To be the last of all: time passes for everybody here. */
export function expiredLogoutTests(here: () => OpenidWorld) {
  hearing(here, ({ receiver, signedInAt, appOf }) => {
    test("when the session has expired, also when that is noticed late", async () => {
      const w = here();
      const application = receiver().application();
      const ada = await w.person("ada");
      const { sid } = await signedInAt(ada, await appOf(application));
      w.forward(91 * DAY_MS);
      await until(async () => (await w.run(endExpiredSessions(100))) > 0);
      const [post] = await application.hears();
      expect(decodeJwt(post?.token ?? "")).toMatchObject({ sub: ada.id, sid });
    });
  });
}
