import * as Effect from "effect/Effect";
import { beforeAll, describe, expect, test } from "vitest";
import { OneTimeTokens } from "../../../adapters/ports/one-time-tokens.ts";
import { createApi } from "../../../api/http/create-api.ts";
import type { Services } from "../../../api/http/services.ts";
import { requestMail } from "../../../api/mail/request-mail.ts";
import type { MailPurpose } from "../../../domain/mail/mod.ts";
import { dyingBefore, interposed } from "../../support/interposed.ts";
import { mailbox, mailTo, tokenIn } from "../../support/mailbox.ts";
import { unproved, verify } from "../../support/mailed-links.ts";
import { until } from "../../support/until.ts";
import type { Stage } from "../suite.ts";
import { ORIGIN, PASSWORD, type World } from "../world.ts";

type Person = Awaited<ReturnType<World["person"]>>;

/** Asks for a mail as a route would, for nobody who is signed in. */
const request = (world: World, userId: string, purpose: MailPurpose, email?: string) =>
  world.run(
    requestMail(
      {
        settings: world.settings,
        requestId: crypto.randomUUID(),
        commandId: crypto.randomUUID(),
        caller: undefined,
        address: undefined,
        headers: new Headers(),
        asOf: undefined,
        cookie: undefined,
        stopping: undefined,
      } as never,
      { purpose, userId, ...(email === undefined ? {} : { email }) },
    ),
  );

export function mailTests({ here, fresh }: Stage): void {
  let architect: Person;
  beforeAll(async () => {
    architect = await here().architect();
  });
  const signIn = (email: string, headers: Readonly<Record<string, string>> = {}) =>
    here().ask("POST", "/v1/sign-in", { body: { identifier: email, password: PASSWORD }, headers });
  const outbox = async (query = "") =>
    (await here().ask("GET", `/v1/mail${query}`, { cookie: architect.cookie })).json;

  test("a sign-up is mailed a link that proves the address, in the person's language", async () => {
    const bob = await here().person("bob");
    const mail = await mailTo(here(), bob.email, { template: "verification" });
    expect(mail.link).toMatch(/^http:\/\/localhost:4000\/verify-email\?token=[\w-]{43}$/);
    expect(mail).toMatchObject({ language: "en", subject: expect.stringContaining("Authledger") });
    expect(mail.text).toContain(mail.link);
    expect(mail.html).toContain(mail.link);
    const peek = Effect.flatMap(Effect.service(OneTimeTokens), (tokens) =>
      tokens.peek("verification", tokenIn(mail)),
    );
    expect(await here().run(peek)).toMatchObject({ subject: bob.id, ledger: "identity" });
    await here().ask("PATCH", "/v1/me", { cookie: bob.cookie, body: { locale: "de-AT" } });
    await request(here(), bob.id, "verification");
    const german = await mailTo(here(), bob.email, { template: "verification", after: [mail.id] });
    expect(german).toMatchObject({
      language: "de",
      subject: expect.stringContaining("Bestätigen"),
    });
  });

  test("a mail greets whoever proved the address, by no name that leads somewhere", async () => {
    const greeted = async (name: string) => {
      const { email, cookie, id, token } = await unproved(here(), "named");
      await here().ask("PATCH", "/v1/me", { cookie, body: { name } });
      const before = await mailNow(id, email, "reset");
      await verify(here(), token, { cookie });
      const after = await mailNow(id, email, "set-password");
      const evil = `${crypto.randomUUID()}@example.net`;
      await request(here(), id, "email-change", evil);
      const elsewhere = await mailTo(here(), evil, { template: "email-change" });
      return [before, after, elsewhere];
    };
    const mailNow = async (id: string, email: string, purpose: MailPurpose) => {
      await request(here(), id, purpose);
      return mailTo(here(), email, { template: purpose });
    };
    const [before, after, elsewhere] = await greeted("Dr. J.R.R. Ada <b>");
    expect(after?.text).toContain("Hello Dr. J.R.R. Ada <b>,");
    expect(after?.html).toContain("Hello Dr. J.R.R. Ada &lt;b&gt;,");
    for (const mail of [before, elsewhere]) expect(mail?.text).toContain("Hello,");
    for (const name of ["Claim it at https://evil.test", "see evil.test", "see evil．test"]) {
      for (const mail of await greeted(name)) expect(mail.text).not.toContain("evil");
    }
  });

  test.each<[MailPurpose, RegExp]>([
    ["reset", /^\/reset-password\?token=/],
    ["magic-link", /^\/magic-link\?token=/],
    ["set-password", /^\/reset-password\?token=/],
    ["account-exists", /^\/sign-in$/],
  ])(
    "a mail asked for, %s, goes to the person's address and leads to its page",
    async (purpose, path) => {
      const eve = await here().person("eve");
      await request(here(), eve.id, purpose);
      const { link } = await mailTo(here(), eve.email, { template: purpose });
      expect(link.slice("http://localhost:4000".length)).toMatch(path);
    },
  );

  test("a change of address is mailed to the new one, which the ledger holds sealed", async () => {
    const eve = await here().person("eve");
    const wanted = "eve.new@example.net";
    const id = await request(here(), eve.id, "email-change", wanted);
    expect((await mailTo(here(), wanted, { template: "email-change" })).to).toBe(wanted);
    const path = `/v1/ledger/events?ledger=activity&stream=mail-${id}`;
    const { items } = (await here().ask("GET", path, { cookie: architect.cookie })).json;
    expect(items[0]).toMatchObject({ type: "MailRequested", data: { purpose: "email-change" } });
  });

  test("a replaced password is told", async () => {
    const bob = await here().person("bob");
    await here().ask("PUT", "/v1/me/password", {
      cookie: bob.cookie,
      body: { current: PASSWORD, password: "another long passphrase" },
    });
    const mail = await mailTo(here(), bob.email, { template: "password-replaced" });
    expect(mail.link).toBe("http://localhost:4000/account");
  });

  describe("a new device", () => {
    const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const newDevices = async (email: string) => {
      await here().heads();
      const mails = await mailbox(here());
      return mails.filter((mail) => mail.to === email && mail.template === "new-device");
    };

    test("is told; the first of an account is no news, nor is one that is known", async () => {
      const ada = await here().person("ada");
      expect(await newDevices(ada.email)).toEqual([]);
      const { headers } = await signIn(ada.email, { "user-agent": FIREFOX });
      await mailTo(here(), ada.email, { template: "new-device" });
      const [mail] = await newDevices(ada.email);
      expect(mail?.text).toContain("Firefox (Linux)");
      const device = headers.getSetCookie().find((cookie) => /authledger_device=/.test(cookie));
      expect(device).toMatch(/; Path=\/; Max-Age=34560000; HttpOnly; SameSite=Lax$/);
      const cookie = device?.split(";")[0] ?? "";
      await signIn(ada.email, { cookie });
      expect(await newDevices(ada.email)).toHaveLength(1);
      await signIn(ada.email, { cookie: "authledger_device=forged" });
      await until(async () => (await newDevices(ada.email)).length === 2);
    });

    test("is told at the next try when the sign-in failed late", async () => {
      const { around, arm } = interposed("activity");
      const w = await fresh({}, around);
      const { email } = await w.person("late");
      const from = () =>
        w.ask("POST", "/v1/sign-in", {
          body: { identifier: email, password: PASSWORD },
          headers: { "user-agent": FIREFOX },
          remoteAddress: "203.0.113.7",
        });
      arm("session-", dyingBefore);
      expect((await from()).status).toBe(500);
      expect((await from()).status).toBe(200);
      await mailTo(w, email, { template: "new-device" });
    });

    test("without a cookie is known by the kind of browser in its network", async () => {
      const ada = await here().person("ada");
      const from = (remoteAddress: string) =>
        here().ask("POST", "/v1/sign-in", {
          body: { identifier: ada.email, password: PASSWORD },
          headers: { "user-agent": FIREFOX },
          remoteAddress,
        });
      await from("203.0.113.7");
      await until(async () => (await newDevices(ada.email)).length === 1);
      await from("203.0.113.200");
      expect(await newDevices(ada.email)).toHaveLength(1);
      await from("198.51.100.7");
      await until(async () => (await newDevices(ada.email)).length === 2);
    });

    test("of one account says nothing of another: a mark is each person's own", async () => {
      const [ada, bob] = [await here().person("ada"), await here().person("bob")];
      const { headers } = await signIn(ada.email);
      const cookie = headers.getSetCookie().at(-1)?.split(";")[0] ?? "";
      await signIn(bob.email, { cookie });
      await until(async () => (await newDevices(bob.email)).length === 1);
    });
  });

  test("an erased recipient gets nothing, and no mail waits for them", async () => {
    const world = await fresh();
    const bob = await world.person("bob");
    await world.heads();
    expect((await world.ask("DELETE", "/v1/me", { cookie: bob.cookie })).status).toBeLessThan(300);
    const before = (await mailbox(world)).length;
    await request(world, bob.id, "reset");
    await world.heads();
    expect((await mailbox(world)).length).toBe(before);
  });

  test("who is verified meanwhile gets no link to verify", async () => {
    const world = await fresh();
    const bob = await world.person("bob");
    const mail = await mailTo(world, bob.email, { template: "verification" });
    const verified = await world.ask("POST", "/v1/email/verify", {
      body: { token: tokenIn(mail), password: PASSWORD },
      cookie: bob.cookie,
    });
    expect(verified.status).toBe(200);
    await world.heads();
    const before = (await mailbox(world)).length;
    await request(world, bob.id, "verification");
    await world.heads();
    expect((await mailbox(world)).length).toBe(before);
  });

  test("GET /v1/mail shows what became of mails, without addresses, in pages", async () => {
    const bob = await here().person("bob");
    await mailTo(here(), bob.email, { template: "verification" });
    await here().heads();
    const all = await outbox("?state=sent&limit=200");
    expect(all.counts).toMatchObject({ waiting: 0, failed: 0 });
    expect(all.counts.sent).toBeGreaterThanOrEqual(all.items.length);
    expect(all.items[0]).toMatchObject({ template: "verification", state: "sent", attempts: 1 });
    expect(JSON.stringify(all)).not.toMatch(/@|token/);
    const first = await outbox("?limit=1");
    const second = await outbox(`?limit=1&cursor=${first.nextCursor}`);
    expect(second.items[0].id).not.toBe(first.items[0].id);
    const refused = await here().ask("GET", "/v1/mail?cursor=x", { cookie: architect.cookie });
    expect(refused.status).toBe(400);
    expect((await here().ask("GET", "/v1/mail", { cookie: bob.cookie })).status).toBe(403);
  });

  test("every mail is an event of activity: which kind, which cause, which attempt", async () => {
    const bob = await here().person("bob");
    const { id } = await mailTo(here(), bob.email, { template: "verification" });
    await here().heads();
    const path = `/v1/ledger/events?ledger=activity&stream=mail-${id}`;
    const { items } = (await here().ask("GET", path, { cookie: architect.cookie })).json;
    expect(items).toMatchObject([
      { type: "MailSent", actor: "process:mail", data: { template: "verification", attempt: 1 } },
    ]);
  });

  test("POST /v1/mail/test sends one to the architect who asks", async () => {
    const { cookie, email } = architect;
    const heard = await here().ask("POST", "/v1/mail/test", { cookie });
    expect([heard.status, heard.json]).toEqual([200, { sent: true }]);
    expect((await mailTo(here(), email, { template: "test" })).subject).toContain("Authledger");
    const bob = await here().person("bob");
    const refused = await here().ask("POST", "/v1/mail/test", { cookie: bob.cookie });
    expect(refused.json).toMatchObject({ status: 403, requires: "architect" });
  });

  describe("GET /dev/mail", () => {
    const accept = { accept: "text/html,application/xhtml+xml" };

    test("lists what would have been sent, newest first, as JSON and as a page", async () => {
      const bob = await here().person("bob");
      const mail = await mailTo(here(), bob.email, { template: "verification" });
      const heard = await here().ask("GET", "/dev/mail");
      const times = heard.json.items.map(({ at }: { at: string }) => at);
      expect(times).toEqual(times.toSorted().toReversed());
      expect(heard.json.items).toContainEqual(mail);
      const page = await here().send("GET", "/dev/mail", { headers: accept });
      expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(page.headers.get("content-security-policy")).not.toContain("unsafe");
      expect(await page.text()).toContain(mail.link);
    });

    test.each([
      ["a page whose name was bent to point here", {}, { host: "evil.example:4000" }],
      ["a server whose mail goes out by SMTP", { mail: "smtp" }, {}],
      ["a server whose mail is closed", { mail: "closed" }, {}],
      ["a public URL", { publicMode: true }, {}],
    ] as const)("is not there for %s", async (_, changed, headers) => {
      const services = await here().run(Effect.context<Services>());
      const api = createApi(services, { ...here().settings, ...changed });
      const response = await api(new Request(`${ORIGIN}/dev/mail`, { headers }));
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: "not_found" });
    });
  });

  test("where mail is closed, doors that need it say so", async () => {
    const closed = { ...here(), settings: { ...here().settings, mail: "closed" } } as World;
    const asked = request(closed, crypto.randomUUID(), "reset");
    await expect(asked).rejects.toMatchObject({ status: 409, code: "mail_closed" });
  });

  test("nothing that is logged names an address or a token", async () => {
    const { lines } = here();
    expect(JSON.stringify(lines)).not.toMatch(/@|token=/);
  });
}
