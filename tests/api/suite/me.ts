import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { Sealer } from "../../../adapters/ports/sealer.ts";
import type { Stage } from "../suite.ts";
import { ELSEWHERE, PASSWORD } from "../world.ts";

/** What an event's sealed origin says, as only the server can open it. */
const originAt = (position: number) =>
  Effect.gen(function* () {
    const [record] = yield* (yield* Ledgers).identity.at([position]);
    const sealed = record?.meta.origin;
    if (sealed === undefined) return undefined;
    const field = "meta.origin";
    const [opened] = yield* (yield* Sealer).open([{ ledger: "identity", field, sealed }]);
    return opened === undefined ? undefined : JSON.parse(opened);
  });

export function meTests({ here }: Stage): void {
  const NEXT = "an entirely new one";

  test("a profile is revised and cleared, and the same again appends nothing", async () => {
    const { cookie } = await here().person("ada");
    const body = { name: "Ada", bio: "Counts", image: "https://example.org/ada.png" };
    const heard = await here().ask("PATCH", "/v1/me", { cookie, body });
    expect(heard.json.user).toMatchObject(body);
    const before = await here().heads();
    const again = await here().ask("PATCH", "/v1/me", { cookie, body });
    expect(again.json.user).toMatchObject(body);
    expect(await here().heads()).toEqual(before);
    const cleared = await here().ask("PATCH", "/v1/me", { cookie, body: { bio: null } });
    expect(cleared.json.user.bio).toBeUndefined();
    const me = await here().ask("GET", `/v1/me?at_least=${cleared.position}`, { cookie });
    expect(me.json).toEqual(cleared.json);
  });

  test.each([
    "https://x.test/\r\nX: y",
    "https://x.test/\u0000",
    "https://x.test/\u202e",
    "https://ada:word@x.test/",
    "javascript:alert(1)",
    "x.test/ada.png",
  ])("a picture is an address that a browser could be given: not %j", async (image) => {
    const { cookie } = await here().person("pictured");
    const heard = await here().ask("PATCH", "/v1/me", { cookie, body: { image } });
    expect(heard.json).toMatchObject({ status: 400, field: "image" });
  });

  test.each([
    [{ timezone: "Mars/Olympus" }, "timezone"],
    [{ timezone: "Berlin" }, "timezone"],
    [{ locale: "nonsense of mine" }, "locale"],
    [{ locale: "de_AT" }, "locale"],
  ])("a time zone or language that is none is refused: %j", async (body, field) => {
    const { cookie } = await here().person("nowhere");
    const heard = await here().ask("PATCH", "/v1/me", { cookie, body });
    expect(heard.json).toMatchObject({ status: 400, code: "invalid_field", field });
    const right = { timezone: "Asia/Ho_Chi_Minh", locale: "zh-Hans-CN" };
    const saved = await here().ask("PATCH", "/v1/me", { cookie, body: right });
    expect(saved.json.user).toMatchObject(right);
  });

  test.each(["", "   ", "\u00a0", "a\u2028b", "a\tb"])(
    "a name that shows nothing or ends a line is refused: %j",
    async (name) => {
      const { cookie } = await here().person("unseen");
      const heard = await here().ask("PATCH", "/v1/me", { cookie, body: { name } });
      expect(heard.json).toMatchObject({ code: "invalid_field", field: "name" });
    },
  );

  test("a guest's first two revisions at once are both kept, and readable", async () => {
    const { cookie } = await here().ask("POST", "/v1/guest");
    const bodies = [{ name: "Ada" }, { bio: "Counts" }];
    const heard = await Promise.all(
      bodies.map((body) => here().ask("PATCH", "/v1/me", { cookie, body })),
    );
    expect(heard.map(({ status }) => status)).toEqual([200, 200]);
    const me = await here().ask("GET", "/v1/me", { cookie });
    expect(me.json.user).toMatchObject({ name: "Ada", bio: "Counts" });
  });

  test("a person reads their own past, by position and by time", async () => {
    const { cookie } = await here().person("past");
    const one = await here().ask("PATCH", "/v1/me", { cookie, body: { name: "One" } });
    const two = await here().ask("PATCH", "/v1/me", { cookie, body: { name: "Two" } });
    const then = await here().ask("GET", `/v1/me?as_of=${one.position}`, { cookie });
    expect(then.json.user.name).toBe("One");
    const at = encodeURIComponent(two.json.user.updatedAt);
    const now = await here().ask("GET", `/v1/me?as_of=${at}`, { cookie });
    expect(now.json.user.name).toBe("Two");
    const early = await here().ask("GET", "/v1/me?as_of=2001-01-01T00:00:00Z", { cookie });
    expect(early.status).toBe(404);
    const [head = 0] = await here().heads();
    for (const query of [`as_of=${head + 1000}`, `at_least=${head + 1000}`]) {
      const late = await here().ask("GET", `/v1/me?${query}`, { cookie });
      expect([late.status, late.json.code]).toEqual([400, "past_head"]);
    }
    const header = { "ledger-at-least": "x" };
    expect((await here().ask("GET", "/v1/me", { cookie, headers: header })).status).toBe(400);
  });

  test("replacing the password ends every other session and keeps this one", async () => {
    const { cookie, email } = await here().person("careful");
    const identifier = email;
    const other = await here().ask("POST", "/v1/sign-in", {
      body: { identifier, password: PASSWORD },
    });
    const put = (current: string) =>
      here().ask("PUT", "/v1/me/password", { cookie, body: { current, password: NEXT } });
    const wrong = await put("not the current one");
    expect([wrong.status, wrong.json.code]).toEqual([403, "invalid_credentials"]);
    expect((await here().ask("GET", "/v1/session", { cookie: other.cookie })).status).toBe(200);
    const kept = await put(PASSWORD);
    expect(kept.status).toBe(204);
    expect((await here().ask("GET", "/v1/session", { cookie: kept.cookie })).status).toBe(200);
    expect((await here().ask("GET", "/v1/session", { cookie: other.cookie })).status).toBe(401);
    const signIn = (password: string) =>
      here().ask("POST", "/v1/sign-in", { body: { identifier, password } });
    expect((await signIn(PASSWORD)).status).toBe(401);
    expect((await signIn(NEXT)).status).toBe(200);
  });

  test("a guest has no password to replace", async () => {
    const { cookie } = await here().ask("POST", "/v1/guest");
    const body = { current: PASSWORD, password: NEXT };
    const heard = await here().ask("PUT", "/v1/me/password", { cookie, body });
    expect([heard.status, heard.json.code]).toEqual([409, "no_password"]);
  });

  test("sessions are listed and revoked, one's own only", async () => {
    const ada = await here().person("ada");
    const eve = await here().person("eve");
    const body = { identifier: ada.email, password: PASSWORD };
    const phone = await here().ask("POST", "/v1/sign-in", { body });
    const { items } = (await here().ask("GET", "/v1/me/sessions", { cookie: ada.cookie })).json;
    expect(items.map(({ current }: { current: boolean }) => current)).toEqual([true, false]);
    const path = `/v1/me/sessions/${items[1].id}`;
    expect((await here().ask("DELETE", path, { cookie: eve.cookie })).status).toBe(404);
    expect((await here().ask("GET", "/v1/session", { cookie: phone.cookie })).status).toBe(200);
    expect((await here().ask("DELETE", path, { cookie: ada.cookie })).status).toBe(204);
    expect((await here().ask("GET", "/v1/session", { cookie: phone.cookie })).status).toBe(401);
    expect((await here().ask("DELETE", path, { cookie: ada.cookie })).status).toBe(404);
  });

  test("a history is newest first, paged, opened, and shows no origin", async () => {
    const { cookie, email } = await here().person("story");
    await here().ask("PATCH", "/v1/me", { cookie, body: { name: "Story" } });
    const all = await here().ask("GET", "/v1/me/history", { cookie });
    expect(all.json.items.map(({ type }: { type: string }) => type)).toEqual([
      "ProfileRevised",
      "PasswordEnrolled",
      "UserSignedUp",
    ]);
    expect(all.json.items[2].data.email).toBe(email);
    expect(JSON.stringify(all.json)).not.toContain(ELSEWHERE);
    const first = await here().ask("GET", "/v1/me/history?limit=2", { cookie });
    const rest = await here().ask("GET", `/v1/me/history?limit=2&cursor=${first.json.nextCursor}`, {
      cookie,
    });
    expect([...first.json.items, ...rest.json.items]).toEqual(all.json.items);
    expect(rest.json.nextCursor).toBeUndefined();
  });

  test("an actor, an origin or an id from the body or a header is refused or ignored", async () => {
    const { id, cookie } = await here().person("self");
    const other = await here().person("other");
    for (const member of ["actor", "onBehalfOf", "causation", "origin", "id", "userId", "roles"]) {
      const body = { name: "Me", [member]: other.id };
      const heard = await here().ask("PATCH", "/v1/me", { cookie, body });
      expect(heard.json).toMatchObject({ status: 400, code: "unknown_field", field: member });
    }
    const headers = {
      "x-user-id": other.id,
      "x-actor": other.id,
      "x-forwarded-for": "203.0.113.9",
    };
    const heard = await here().ask("PATCH", "/v1/me", { cookie, headers, body: { name: "Me" } });
    expect(heard.json.user.id).toBe(id);
    const { items } = (await here().ask("GET", "/v1/me/history?limit=1", { cookie })).json;
    expect(items[0]).toMatchObject({
      actor: `user:${id}`,
      correlation: heard.headers.get("request-id"),
    });
    const nobody = await here().ask("GET", "/v1/me", { headers: { "x-user-id": id } });
    expect(nobody.status).toBe(401);
  });

  test("an event keeps where it came from, sealed, and believes only a trusted proxy", async () => {
    const { cookie } = await here().person("roamer");
    const headers = { "user-agent": "Test/1", "x-forwarded-for": "203.0.113.9" };
    const patch = (name: string, remoteAddress: string) =>
      here().ask("PATCH", "/v1/me", { cookie, headers, remoteAddress, body: { name } });
    const direct = await patch("Direct", "192.0.2.7");
    const proxied = await patch("Proxied", "10.1.2.3");
    const userAgent = "Test/1";
    expect(await here().run(originAt(direct.position))).toEqual({ ip: "192.0.2.7", userAgent });
    expect(await here().run(originAt(proxied.position))).toEqual({ ip: "203.0.113.9", userAgent });
  });
}
