import { describe, expect, test } from "vitest";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export function sessionTests({ here, fresh }: Stage): void {
  const session = async (cookie: string | undefined, w = here()) =>
    (await w.ask("GET", "/v1/session", { cookie })).status;
  const signIn = async (email: string, w = here()) => {
    const body = { identifier: email, password: PASSWORD };
    const heard = await w.ask("POST", "/v1/sign-in", { body });
    expect(heard.status).toBe(200);
    return String(heard.cookie);
  };
  const elevate = (cookie: string, password = PASSWORD, w = here()) =>
    w.ask("POST", "/v1/session/elevate", { cookie, body: { password } });

  test.each([
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Linux"],
    ["curl/8.5.0", "curl", undefined],
    ["a <b>program</b> of mine/1.0", undefined, undefined],
  ])(
    "a session says on what it began, by a name of the list: %s",
    async (agent, browser, system) => {
      const { email } = await here().person("placed");
      const body = { identifier: email, password: PASSWORD };
      const headers = { "user-agent": agent };
      const { cookie } = await here().ask("POST", "/v1/sign-in", { body, headers });
      const { items } = (await here().ask("GET", "/v1/me/sessions", { cookie })).json;
      const own = items.find(({ current }: { readonly current: boolean }) => current);
      expect([own.browser, own.system]).toEqual([browser, system]);
      const asked = { cookie: String(cookie), headers: { accept: "text/html" } };
      const page = await (await here().send("GET", "/account/sessions", asked)).text();
      expect(page).toContain(
        `<strong>${system ? `${browser} on ${system}` : (browser ?? "Unknown device")}</strong>`,
      );
      expect(page).not.toContain("<b>program");
    },
  );

  describe("sliding", () => {
    test("a session ends after 30 days unused, and each use begins them anew", async () => {
      const w = await fresh();
      const { cookie } = await w.person("slider");
      const asked = await w.ask("GET", "/v1/session", { cookie });
      const { startedAt, lastSeenAt, idleExpiresAt, expiresAt } = asked.json.session;
      expect(lastSeenAt).toBe(startedAt);
      const days = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / DAY_MS;
      expect(days(startedAt, idleExpiresAt)).toBe(30);
      expect(days(startedAt, expiresAt)).toBeCloseTo(90, 4);
      w.forward(29 * DAY_MS);
      const later = await w.ask("GET", "/v1/session", { cookie });
      expect(later.headers.getSetCookie()).toEqual([
        `${cookie}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax`,
      ]);
      w.forward(29 * DAY_MS);
      const again = await w.ask("GET", "/v1/session", { cookie });
      expect(again.status).toBe(200);
      expect(days(startedAt, again.json.session.lastSeenAt)).toBeCloseTo(29, 3);
      w.forward(30 * DAY_MS + MINUTE_MS);
      expect(await session(cookie, w)).toBe(401);
    });

    test("no session outlives 90 days, and its cookie knows", async () => {
      const w = await fresh();
      const { cookie } = await w.person("regular");
      for (let day = 0; day < 75; day += 25) {
        w.forward(25 * DAY_MS);
        expect(await session(cookie, w)).toBe(200);
      }
      w.forward(5 * DAY_MS);
      const late = await w.ask("GET", "/v1/session", { cookie });
      const maxAge = Number(/Max-Age=(\d+)/.exec(late.headers.get("set-cookie") ?? "")?.[1]);
      expect(maxAge * 1000).toBeLessThanOrEqual(10 * DAY_MS);
      w.forward(10 * DAY_MS + MINUTE_MS);
      expect(await session(cookie, w)).toBe(401);
    });

    test("a request within ten minutes of the last notes nothing and sets no cookie", async () => {
      const w = await fresh();
      const { cookie } = await w.person("busy");
      w.forward(9 * MINUTE_MS);
      expect((await w.ask("GET", "/v1/me", { cookie })).headers.getSetCookie()).toEqual([]);
      w.forward(2 * MINUTE_MS);
      const tries = Array.from({ length: 50 }, () => w.ask("GET", "/v1/me", { cookie }));
      const set = (await Promise.all(tries)).filter(({ headers }) => headers.has("set-cookie"));
      expect(set).toHaveLength(1);
      expect((await w.ask("GET", "/v1/me", { cookie })).headers.getSetCookie()).toEqual([]);
    });

    test("a person shows when they last signed in, not for the past", async () => {
      const w = await fresh();
      const { cookie, email } = await w.person("returning");
      const first = (await w.ask("GET", "/v1/me", { cookie })).json.user.lastSignInAt;
      w.forward(DAY_MS);
      const again = await w.ask("POST", "/v1/sign-in", {
        body: { identifier: email, password: PASSWORD },
      });
      const second = again.json.user.lastSignInAt;
      expect((Date.parse(second) - Date.parse(first)) / DAY_MS).toBeCloseTo(1, 3);
      const now = await w.ask("GET", "/v1/session", { cookie: again.cookie });
      expect(now.json.user.lastSignInAt).toBe(second);
      const [identity] = await w.heads();
      const then = await w.ask("GET", `/v1/me?as_of=${identity}`, { cookie: again.cookie });
      expect(then.json.user.lastSignInAt).toBeUndefined();
      const guest = await w.ask("POST", "/v1/guest");
      expect(guest.json.user.lastSignInAt).toBeUndefined();
    });
  });

  describe("elevation", () => {
    test("an elevation exchanges the cookie: the old one is refused at once", async () => {
      const { cookie } = await here().person("elevated");
      const heard = await elevate(cookie);
      expect(heard.status).toBe(204);
      expect(heard.cookie).not.toBe(cookie);
      expect(await session(cookie)).toBe(401);
      const now = await here().ask("GET", "/v1/session", { cookie: heard.cookie });
      expect(now.json.session.elevatedAt).toBeDefined();
      const { id } = now.json.session;
      expect((await elevate(cookie)).status).toBe(401);
      expect(
        (await here().ask("GET", "/v1/session", { cookie: heard.cookie })).json.session.id,
      ).toBe(id);
    });

    test("50 requests with one old cookie: one elevates, and none passes once it has", async () => {
      const { cookie } = await here().person("contended");
      const tries = Array.from({ length: 50 }, () => elevate(cookie));
      const heard = await Promise.all(tries);
      const statuses = heard.map(({ status }) => status);
      expect(statuses.filter((status) => status === 204)).toHaveLength(1);
      expect(statuses.every((status) => [204, 401, 503].includes(status))).toBe(true);
      const reads = await Promise.all(Array.from({ length: 50 }, () => session(cookie)));
      expect(new Set(reads)).toEqual(new Set([401]));
      const winner = heard.find(({ status }) => status === 204);
      expect(await session(winner?.cookie)).toBe(200);
    });

    test("a wrong password elevates nothing, and neither does a guest", async () => {
      const { cookie } = await here().person("fumbling");
      const heard = await elevate(cookie, "not the password");
      expect([heard.status, heard.json.code]).toEqual([403, "invalid_credentials"]);
      expect(await session(cookie)).toBe(200);
      const guest = await here().ask("POST", "/v1/guest");
      expect((await elevate(String(guest.cookie))).json.code).toBe("no_password");
      expect((await elevate("")).status).toBe(401);
    });

    test("a session found open is no way to guess the password", async () => {
      const { cookie } = await here().person("guessed");
      const guess = (password: string) =>
        here().ask("POST", "/v1/session/elevate", {
          cookie,
          body: { password },
          remoteAddress: "203.0.113.99",
        });
      const statuses: Array<number> = [];
      for (let n = 0; n < 4; n++) statuses.push((await guess(`guess number ${n}`)).status);
      expect(statuses).toEqual([403, 403, 403, 429]);
      expect((await guess(PASSWORD)).status).toBe(429);
    });

    test("no idempotency answer keeps the credential of an elevation", async () => {
      const { cookie } = await here().person("keyed");
      const headers = { "idempotency-key": "elevate-1" };
      const first = await here().ask("POST", "/v1/session/elevate", {
        cookie,
        headers,
        body: { password: PASSWORD },
      });
      const again = await here().ask("POST", "/v1/session/elevate", {
        cookie: first.cookie,
        headers,
        body: { password: PASSWORD },
      });
      expect([first.status, again.status]).toEqual([204, 204]);
      expect(again.cookie).not.toBe(first.cookie);
    });
  });

  describe("ending", () => {
    test("all of one's other sessions end by one fact, and what begins later is good", async () => {
      const w = await fresh();
      const { cookie, email } = await w.person("everywhere");
      const others = [await signIn(email, w), await signIn(email, w)];
      const [, before] = await w.heads();
      const ended = await w.ask("DELETE", "/v1/me/sessions", { cookie });
      expect(ended.status).toBe(204);
      for (const other of others) expect(await session(other, w)).toBe(401);
      expect(await session(ended.cookie, w)).toBe(200);
      expect(await session(await signIn(email, w), w)).toBe(200);
      const list = await w.ask("GET", "/v1/me/sessions", { cookie: ended.cookie });
      expect(list.json.items).toHaveLength(2);
      const [, after] = await w.heads();
      expect(Number(after)).toBeGreaterThan(Number(before));
    });

    test("admins list and end sessions, never an architect's", async () => {
      const w = await fresh();
      const architect = await w.architect();
      const admin = await w.withRole("admin", architect);
      const person = await w.person("watched");
      const second = await signIn(person.email, w);
      const path = `/v1/users/${person.id}/sessions`;
      const list = await w.ask("GET", path, { cookie: admin.cookie });
      expect(list.json.items).toMatchObject([{ current: false }, { current: false }]);
      const [one] = list.json.items;
      const first = await w.ask("DELETE", `${path}/${one.id}`, { cookie: admin.cookie });
      expect(first.status).toBe(204);
      expect([await session(person.cookie, w), await session(second, w)]).toEqual([401, 200]);
      expect((await w.ask("DELETE", `${path}/${one.id}`, { cookie: admin.cookie })).status).toBe(
        404,
      );
      expect((await w.ask("DELETE", path, { cookie: admin.cookie })).status).toBe(204);
      expect(await session(second, w)).toBe(401);

      const theirs = `/v1/users/${architect.id}/sessions`;
      const refused = await w.ask("DELETE", theirs, { cookie: admin.cookie });
      expect([refused.status, refused.json.requires]).toEqual([403, "architect"]);
      const mine = await w.ask("GET", "/v1/me/sessions", { cookie: architect.cookie });
      const single = `${theirs}/${mine.json.items[0].id}`;
      expect((await w.ask("DELETE", single, { cookie: admin.cookie })).status).toBe(403);
      expect(await session(architect.cookie, w)).toBe(200);
      expect(
        (await w.ask("DELETE", `/v1/users/${admin.id}/sessions`, { cookie: architect.cookie }))
          .status,
      ).toBe(204);
      expect(await session(admin.cookie, w)).toBe(401);
      const nobody = "/v1/users/00000000-0000-4000-8000-000000000000/sessions";
      expect((await w.ask("DELETE", nobody, { cookie: architect.cookie })).status).toBe(404);
      expect((await w.ask("GET", path, { cookie: person.cookie })).status).toBe(401);
    });

    test("an architect signs everybody out but themselves, by one event", async () => {
      const w = await fresh();
      const architect = await w.architect();
      const admin = await w.withRole("admin", architect);
      const people = [await w.person("a"), await w.person("b")];
      const again = await signIn(architect.email, w);
      const refused = await w.ask("DELETE", "/v1/sessions", { cookie: admin.cookie });
      expect([refused.status, refused.json.requires]).toEqual([403, "architect"]);
      const [, before] = await w.heads();
      expect((await w.ask("DELETE", "/v1/sessions", { cookie: architect.cookie })).status).toBe(
        204,
      );
      const events = await w.ask(
        "GET",
        `/v1/ledger/events?ledger=activity&from=${Number(before) + 1}&to=${Number(before) + 1}`,
        {
          cookie: architect.cookie,
        },
      );
      expect(events.json.items).toMatchObject([
        { type: "SessionsRevoked", stream: "revocation-all" },
      ]);
      for (const { cookie } of [admin, ...people]) expect(await session(cookie, w)).toBe(401);
      expect(await session(again, w)).toBe(401);
      expect(await session(architect.cookie, w)).toBe(200);
      expect(await session(await signIn(people[0]?.email ?? "", w), w)).toBe(200);
    });

    test("a block, an erasure, a role and a password act on the next request", async () => {
      const w = await fresh();
      const architect = await w.architect();
      const { cookie: by } = architect;
      const admin = await w.withRole("admin", architect);
      expect((await w.ask("GET", "/v1/users", { cookie: admin.cookie })).status).toBe(200);
      await w.ask("DELETE", `/v1/users/${admin.id}/roles/admin`, { cookie: by });
      expect((await w.ask("GET", "/v1/users", { cookie: admin.cookie })).status).toBe(403);
      expect(await session(admin.cookie, w)).toBe(200);
      const blocked = await w.person("blocked");
      await w.ask("POST", `/v1/users/${blocked.id}/block`, { cookie: by });
      expect(await session(blocked.cookie, w)).toBe(401);
      const erased = await w.person("erased");
      await w.ask("DELETE", `/v1/users/${erased.id}`, { cookie: by });
      expect(await session(erased.cookie, w)).toBe(401);
      const changed = await w.person("changed");
      const other = await signIn(changed.email, w);
      const body = { current: PASSWORD, password: "another good passphrase" };
      const kept = await w.ask("PUT", "/v1/me/password", { cookie: changed.cookie, body });
      expect(kept.status).toBe(204);
      expect([await session(kept.cookie, w), await session(other, w)]).toEqual([200, 401]);
    });
  });
}
