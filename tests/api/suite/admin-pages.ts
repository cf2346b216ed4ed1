import { expect, test } from "vitest";
import { browserOf } from "../pages-world.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD, type World } from "../world.ts";

const HOSTILE = '<img src=x onerror=alert(1)> & "Bob" \'n';

export function adminPageTests({ here: world, fresh }: Stage): void {
  let owner: Awaited<ReturnType<World["architect"]>> | undefined;
  const here = async () => {
    const w = world();
    owner ??= await w.architect();
    return { w, cookie: owner.cookie, ...browserOf(world) };
  };
  const hostile = async () => {
    const { w } = await here();
    const person = await w.person("hostile");
    const { cookie } = person;
    await w.ask("PATCH", "/v1/me", { cookie, body: { name: HOSTILE, bio: HOSTILE } });
    return person;
  };

  test("whoever may not administer sees none of it", async () => {
    const { w, look } = await here();
    const { cookie } = await w.person("curious");
    const refused = [
      "",
      "/users",
      "/users/new",
      "/roles",
      "/invitations",
      "/ledger",
      "/guests",
      "/keys",
    ];
    for (const path of refused) {
      const { status, text } = await look(`/admin${path}`, { cookie });
      expect([path, status]).toEqual([path, 403]);
      expect(text).not.toContain("<form");
    }
  });

  test("a hostile name is text wherever it stands", async () => {
    const { cookie, look } = await here();
    const { id, cookie: own } = await hostile();
    const asOwner = { cookie };
    const pages = [
      await look("/account", { cookie: own }),
      await look("/account/profile", { cookie: own }),
      await look("/admin/users", asOwner),
      await look(`/admin/users/${id}`, asOwner),
      await look(`/admin/ledger?subject=${id}`, asOwner),
    ];
    for (const { status, text } of pages) {
      expect(status).toBe(200);
      expect(text).not.toContain("<img src=x");
    }
    expect(pages[2]?.text).toContain("&lt;img src=x onerror=alert(1)&gt; &amp; &quot;Bob&quot;");
  });

  test("roles are ticked, a block is given and taken, each once its gate sees it", async () => {
    const { w, cookie, look, send } = await here();
    const { id, cookie: own } = await w.person("ticked");
    const path = `/admin/users/${id}`;
    const roles = { form: "roles", "role.user": "yes", "role.buyer": "yes" };
    expect((await send(path, roles, { cookie })).to).toBe(`${path}?done=roles`);
    expect((await w.ask("GET", "/v1/me", { cookie: own })).json.user.roles).toEqual([
      "user",
      "buyer",
    ]);
    const none = await send(path, { form: "roles" }, { cookie });
    expect(none.status).toBe(400);
    const late = { form: "block", reason: "Chargeback", until: "2020-01-01T00:00" };
    const past = await send(path, late, { cookie });
    expect(past.status).toBe(400);
    expect(past.text).toMatch(/id="block-until"[^>]*aria-invalid="true"/);
    expect(past.text).toContain('value="Chargeback"');
    expect((await send(path, { form: "block" }, { cookie })).to).toBe(`${path}?done=blocked`);
    expect((await look("/account", { cookie: own })).to).toContain("/sign-in");
    expect((await look(path, { cookie })).text).toContain("This user is blocked.");
    expect((await send(path, { form: "unblock" }, { cookie })).status).toBe(303);
  });

  test("an erasure wants to be typed", async () => {
    const { w, cookie, send, look } = await here();
    const { id, email } = await w.person("gone");
    const path = `/admin/users/${id}`;
    const form = { form: "erase", expected: email };
    const slip = await send(path, { ...form, confirm: "somebody else" }, { cookie });
    expect(slip.status).toBe(400);
    const done = await send(path, { ...form, confirm: email }, { cookie });
    expect(done.to).toBe(`${path}?done=userErased`);
    expect((await look(path, { cookie })).text).not.toContain(email);
  });

  test("each sees what their role may: an auditor reads, an admin acts, neither owns", async () => {
    const { w, cookie, look } = await here();
    const auditor = await w.withRole("auditor", { cookie });
    const admin = await w.withRole("admin", { cookie });
    const { id } = await hostile();
    const status = async (path: string, by: { readonly cookie: string }) =>
      (await look(path, { cookie: by.cookie })).status;
    expect(await status("/admin/ledger", auditor)).toBe(200);
    expect(await status("/admin/architects", auditor)).toBe(403);
    expect(await status("/admin/ledger", admin)).toBe(403);
    expect(await status("/admin/users", admin)).toBe(200);
    const seen = await look(`/admin/users/${id}`, { cookie: auditor.cookie });
    expect(seen.text).toContain("Sealed");
    expect(seen.text).not.toMatch(/name="form" value="(?:roles|block|erase)"/);
    const acted = await look(`/admin/users/${id}`, { cookie: admin.cookie });
    expect(acted.text).toContain('value="block"');
    expect(acted.text).not.toContain('value="erase"');
    expect(acted.text).not.toContain('name="role.auditor"');
  });

  test("the timeline filters; an event shows its leaf, data and neighbours", async () => {
    const { w, cookie, look } = await here();
    const { id } = await w.person("told");
    const list = await look(`/admin/ledger?type=UserSignedUp&subject=${id}`, { cookie });
    const [, position = ""] = /href="\/admin\/ledger\/(\d+)"/.exec(list.text) ?? [];
    const event = await look(`/admin/ledger/${position}`, { cookie });
    const told = await w.ask("GET", `/v1/ledger/events/${position}`, { cookie });
    expect(event.text).toContain(told.json.leaf);
    expect(event.text).toContain(told.json.data.email);
    expect(event.text).toContain(`/admin/ledger/${Number(position) - 1}"`);
    expect((await look("/admin/ledger/999999", { cookie })).status).toBe(404);
    expect((await look("/admin/ledger?type=%3Cb%3E", { cookie })).status).toBe(400);
  });

  test("a session is ended by its button, and another's is not there to be ended", async () => {
    const { w, look, send } = await here();
    const { email, cookie } = await w.person("many");
    const body = { identifier: email, password: PASSWORD };
    const other = await w.ask("POST", "/v1/sign-in", { body });
    const page = await look("/account/sessions", { cookie });
    const [, id = ""] = /name="id" value="([^"]+)"/.exec(page.text) ?? [];
    const ended = await send("/account/sessions", { form: "end", id }, { cookie });
    expect(ended.to).toBe("/account/sessions?done=sessionEnded");
    expect((await w.ask("GET", "/v1/session", { cookie: other.cookie })).status).toBe(401);
    const stranger = await w.person("stranger");
    const again = await send("/account/sessions", { form: "end", id }, { cookie: stranger.cookie });
    expect(again.status).toBe(404);
  });

  test.each([
    ["/admin/ledger?from=abc&stream=user-1", "from", 'value="abc"'],
    ["/admin/ledger?type=Nonsense", "type", "There is no such type of event."],
    ["/admin/users?q=a+b+c+d+e+f+g+h+i", "q", 'value="a b c'],
  ])("a filter that is refused comes back with what was typed: %s", async (path, field, shown) => {
    const { cookie, look } = await here();
    const { status, text } = await look(path, { cookie });
    expect(status).toBe(400);
    expect(text).toMatch(new RegExp(`id="filter-${field}"[^>]*aria-invalid="true"`));
    expect(text).toContain(shown);
    expect(text).not.toContain('class="empty"');
  });

  test("whoever is signed in keeps the ways out on the page of a problem", async () => {
    const { w, cookie, look } = await here();
    const { cookie: own } = await w.person("lost");
    const page = await look("/admin/ledger/999999", { cookie });
    expect([page.status, page.text.includes('href="/admin/users"')]).toEqual([404, true]);
    const refused = await look("/admin/users", { cookie: own });
    expect([refused.status, refused.text.includes('href="/admin/users"')]).toEqual([403, false]);
    expect(refused.text).toContain('href="/account/profile"');
    expect((await look("/nothing")).text).not.toContain('href="/account"');
  });

  test("the ledger begins with the newest, and pages lead back to the first", async () => {
    const { w, cookie, look } = await here();
    const [head = 0] = await w.heads();
    const places = (text: string) =>
      [...text.matchAll(/#(\d+)<\/span>/g)].map(([, n]) => Number(n));
    const { text } = await look("/admin/ledger", { cookie });
    expect(places(text)[0]).toBe(head);
    const oldest = await look("/admin/ledger?order=oldest", { cookie });
    expect(places(oldest.text)[0]).toBe(1);
  });

  test("nobody is made without an address or a username, and the form says so", async () => {
    const { cookie, send } = await here();
    const nobody = await send("/admin/users/new", { form: "create", name: "No" }, { cookie });
    expect(nobody.status).toBe(400);
    expect(nobody.text).toContain("Enter an e-mail address or a username.");
    const silent = { form: "create", username: "silent.one", invite: "yes" };
    const unmailed = await send("/admin/users/new", silent, { cookie });
    expect(unmailed.text).toContain("Without an e-mail address no mail can be sent.");
  });

  test("who acts in somebody's name is told so on every page, and may stop", async () => {
    const { w, cookie, look, send } = await here();
    const { id } = await w.person("acted");
    const begun = await send(`/admin/users/${id}`, { form: "impersonate" }, { cookie });
    expect(begun.status).toBe(303);
    for (const path of ["/account", "/account/profile", "/sign-out", "/nothing"]) {
      expect((await look(path, { cookie: begun.cookie })).text).toContain('class="impersonation"');
    }
    const form = { form: "erase", confirm: "delete" };
    const refused = await send("/account/delete", form, { cookie: begun.cookie });
    expect(refused.status).toBe(403);
    const stopped = await send("/impersonation", { form: "stop" }, { cookie: begun.cookie });
    expect(stopped.to).toBe(`/admin/users/${id}?done=impersonationStopped`);
  });

  test("when the hour is over, the way back to one's own session is shown", async () => {
    const w = await fresh();
    const { look, send } = browserOf(() => w);
    const { cookie } = await w.architect();
    const { id } = await w.person("acted");
    const begun = await w.ask("POST", `/v1/users/${id}/impersonate`, { cookie });
    w.forward(61 * 60 * 1000);
    const door = await look("/sign-in", { cookie: begun.cookie });
    expect(door.text).toContain('href="/impersonation"');
    const page = await look("/impersonation", { cookie: begun.cookie });
    expect([page.status, page.text.includes('value="stop"')]).toEqual([200, true]);
    const back = await send("/impersonation", { form: "stop" }, { cookie: begun.cookie });
    expect([back.to, back.cookie]).toEqual(["/account?done=impersonationStopped", cookie]);
    expect((await look("/impersonation")).to).toBe("/sign-in");
    expect((await look("/sign-in")).text).not.toContain('href="/impersonation"');
  });

  test("open invitations are shown, however many there were before", async () => {
    const w = await fresh();
    const { look } = browserOf(() => w);
    const { cookie } = await w.architect();
    const invite = async (email: string) =>
      (await w.ask("POST", "/v1/invitations", { cookie, body: { email } })).json.invitation.id;
    for (let count = 0; count <= 50; count++) {
      const id = await invite(`withdrawn-${count}@example.org`);
      await w.ask("DELETE", `/v1/invitations/${id}`, { cookie });
    }
    await invite("open@example.org");
    const page = await look("/admin/invitations", { cookie });
    expect(page.text).toContain("open@example.org");
    const asked = async (status: string) =>
      (await w.ask("GET", `/v1/invitations?limit=200&status=${status}`, { cookie })).json.items;
    expect([(await asked("open")).length, (await asked("withdrawn")).length]).toEqual([1, 51]);
  });
}
