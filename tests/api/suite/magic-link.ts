import { createHash } from "node:crypto";
import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { Outbox } from "../../../adapters/ports/outbox.ts";
import { mailbox } from "../../support/mailbox.ts";
import { magicLink, redeem, resetLink, said, unproved } from "../../support/mailed-links.ts";
import type { Stage } from "../suite.ts";
import { FRIEND, ORIGIN, PASSWORD } from "../world.ts";

const HOUR_MS = 60 * 60 * 1000;
const REFUSED = [403, "invalid_token"];

/** All that a reader of the database sees of mails: their events and the outbox. */
const kept = Effect.gen(function* () {
  const { activity } = yield* Ledgers;
  const events = yield* activity.read({ direction: "backwards" });
  const mails = yield* (yield* Outbox).list({ limit: 200 });
  return JSON.stringify([events, mails]);
});

export function magicLinkTests({ here, fresh }: Stage): void {
  const session = async (cookie: string | undefined, w = here()) =>
    (await w.ask("GET", "/v1/session", { cookie })).status;

  test("a magic link signs in, proves the address, and leads on to where it should", async () => {
    const { email, id } = await here().person("linked");
    const redirectTo = `${FRIEND}/after?x=1`;
    const token = await magicLink(here(), email, { redirectTo });
    const heard = await redeem(here(), token);
    expect(heard.status).toBe(200);
    expect(heard.json).toMatchObject({ user: { id, email, emailVerified: true }, redirectTo });
    const { json } = await here().ask("GET", "/v1/session", { cookie: heard.cookie });
    expect(json.session.method).toBe("magic-link");
  });

  test.each([
    "https://evil.example",
    "//evil.example",
    "javascript:alert(1)",
    `${ORIGIN}.evil.example/`,
    "/\\evil.example",
    "/..//evil.example/x",
    "/a/..//evil.example",
    "/.//evil.example",
  ])("redirectTo to an origin that is not in the list is refused: %s", async (redirectTo) => {
    const { email } = await here().person("led");
    const heard = await here().ask("POST", "/v1/magic-link", { body: { email, redirectTo } });
    expect(heard.json).toMatchObject({ status: 400, field: "redirectTo" });
  });

  test("a magic link is used twice: of fifty at once one signs in, and later none", async () => {
    const { email } = await here().person("twice");
    const token = await magicLink(here(), email);
    const heard = await Promise.all(Array.from({ length: 50 }, () => redeem(here(), token)));
    expect(heard.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(heard.filter(({ status }) => status !== 200).map(said)).toEqual(
      Array.from({ length: 49 }, () => REFUSED),
    );
    expect(said(await redeem(here(), token))).toEqual(REFUSED);
  });

  test("a magic link is late", async () => {
    const w = await fresh();
    const { email } = await w.person("late");
    const [inTime, late] = [await magicLink(w, email), await magicLink(w, email)];
    w.forward(24 * HOUR_MS - 60_000);
    expect((await redeem(w, inTime)).status).toBe(200);
    w.forward(2 * 60_000);
    expect(said(await redeem(w, late))).toEqual(REFUSED);
  });

  test("a token of another purpose or made up opens nothing", async () => {
    const { email } = await here().person("purpose");
    const reset = await resetLink(here(), email);
    for (const token of [reset, "x", "A".repeat(43), `${reset}A`, "\u0000"]) {
      expect(said(await redeem(here(), token))).toEqual(REFUSED);
    }
    const twisted = await magicLink(here(), email);
    const flipped = `${twisted.slice(0, -1)}${twisted.endsWith("A") ? "E" : "A"}`;
    expect(said(await redeem(here(), flipped))).toEqual(REFUSED);
    expect((await redeem(here(), twisted)).status).toBe(200);
  });

  test("a magic link read from the database: nothing there is one or opens one", async () => {
    const { email } = await here().person("reader");
    const token = await magicLink(here(), email);
    const seen = await here().run(kept);
    expect(seen).not.toContain(token);
    expect(seen).not.toContain(email);
    const digest = createHash("sha256").update(token).digest();
    const ids = [...seen.matchAll(/"(?:eventId|id)":"([^"]+)"/g)].map(([, id]) => id ?? "");
    for (const found of [digest.toString("hex"), digest.toString("base64url"), ...ids]) {
      expect(said(await redeem(here(), found))).toEqual(REFUSED);
    }
  });

  test("unknown and known accounts do not differ: magic link", async () => {
    const w = await fresh();
    const admin = await w.architect();
    const [known, blocked, gone] = [
      await w.person("known"),
      await w.person("blocked"),
      await w.person("gone"),
    ];
    await w.ask("POST", `/v1/users/${blocked.id}/block`, { cookie: admin.cookie, body: {} });
    await w.ask("DELETE", "/v1/me", { cookie: gone.cookie });
    const asked = [known.email, blocked.email, gone.email, "never@example.org"];
    const heard = [];
    for (const email of asked) {
      const before = await w.heads();
      const answer = await w.ask("POST", "/v1/magic-link", { body: { email } });
      const [identity = 0] = before;
      heard.push([answer.status, answer.json, answer.cookie, answer.position - identity]);
    }
    expect(heard).toEqual(asked.map(() => [202, undefined, undefined, 0]));
  });

  test("a link that is opened redeems nothing: only a POST does", async () => {
    const { email } = await here().person("scanned");
    const token = await magicLink(here(), email);
    for (const path of [`/magic-link?token=${token}`, `/v1/magic-link/redeem?token=${token}`]) {
      await (await here().send("GET", path)).body?.cancel();
    }
    expect((await redeem(here(), token)).status).toBe(200);
  });

  test("somebody without an account becomes a person with a proved address", async () => {
    const email = `newcomer-${crypto.randomUUID()}@example.org`;
    const token = await magicLink(here(), email);
    const heard = await redeem(here(), token);
    expect(heard.json.user).toMatchObject({
      email,
      emailVerified: true,
      roles: ["user"],
      methods: [],
    });
    const again = await redeem(here(), await magicLink(here(), email));
    expect(again.json.user.id).toBe(heard.json.user.id);
  });

  test("two links to one new address at once make one person", async () => {
    const email = `double-${crypto.randomUUID()}@example.org`;
    const tokens = [await magicLink(here(), email), await magicLink(here(), email)];
    const heard = await Promise.all(tokens.map((token) => redeem(here(), token)));
    expect(heard.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(heard.map(({ json }) => json.user.id)).size).toBe(1);
  });

  test.each(["invited", "closed"] as const)(
    "while sign-up is %s, a stranger is answered alike and gets no mail",
    async (signUp) => {
      const w = await fresh({ signUp: "open" });
      const { email } = await w.person("member");
      const shut = await fresh({ signUp });
      const stranger = "stranger@example.org";
      const heard = await shut.ask("POST", "/v1/magic-link", { body: { email: stranger } });
      expect(heard.status).toBe(202);
      const invitee = await shut.architect();
      await magicLink(shut, invitee.email);
      expect((await mailbox(shut)).map(({ to }) => to)).not.toContain(stranger);
      expect(email).not.toBe(stranger);
    },
  );

  test("a guest who asks stays who they are, and the link works in another browser", async () => {
    const email = `guest-${crypto.randomUUID()}@example.org`;
    const guest = await here().ask("POST", "/v1/guest");
    const token = await magicLink(here(), email, { cookie: guest.cookie });
    const heard = await redeem(here(), token);
    expect(heard.json.user).toMatchObject({ id: guest.json.user.id, guest: false, email });
    expect(await session(guest.cookie)).toBe(401);
  });

  test("a guest who redeems a link that a stranger asked for stays who they are", async () => {
    const email = `later-${crypto.randomUUID()}@example.org`;
    const token = await magicLink(here(), email);
    const guest = await here().ask("POST", "/v1/guest");
    const heard = await redeem(here(), token, { cookie: guest.cookie });
    expect(heard.json.user).toMatchObject({ id: guest.json.user.id, roles: ["user"] });
    expect(await session(guest.cookie)).toBe(401);
  });

  test("a blocked person is refused with a link, and it is spent", async () => {
    const w = await fresh();
    const admin = await w.architect();
    const { email, id } = await w.person("halted");
    const token = await magicLink(w, email);
    await w.ask("POST", `/v1/users/${id}/block`, { cookie: admin.cookie, body: {} });
    expect(said(await redeem(w, token))).toEqual([403, "blocked"]);
    await w.ask("POST", `/v1/users/${id}/unblock`, { cookie: admin.cookie });
    expect(said(await redeem(w, token))).toEqual(REFUSED);
  });

  test("an erased person's link opens nothing", async () => {
    const { email, cookie } = await here().person("erased");
    const token = await magicLink(here(), email);
    expect((await here().ask("DELETE", "/v1/me", { cookie })).status).toBe(204);
    expect(said(await redeem(here(), token))).toEqual(REFUSED);
  });

  test("a session id is not kept across a magic link", async () => {
    const { email, cookie } = await here().person("rotated");
    const token = await magicLink(here(), email);
    const heard = await redeem(here(), token, { cookie });
    expect(await session(cookie)).toBe(401);
    expect(await session(heard.cookie)).toBe(200);
  });

  test("a password registered for somebody else's e-mail does not survive the link", async () => {
    const { email, cookie } = await unproved(here(), "hijacked");
    const other = await here().ask("POST", "/v1/sign-in", {
      body: { identifier: email, password: PASSWORD },
    });
    const heard = await redeem(here(), await magicLink(here(), email));
    expect(heard.json.user).toMatchObject({ emailVerified: true, methods: [] });
    expect([await session(cookie), await session(other.cookie)]).toEqual([401, 401]);
    const body = { identifier: email, password: PASSWORD };
    expect((await here().ask("POST", "/v1/sign-in", { body })).status).toBe(401);
    expect(await session(heard.cookie)).toBe(200);
  });

  test("without mail the door is closed, and says so before anything else", async () => {
    const w = await fresh({ mail: "closed" });
    const heard = await w.ask("POST", "/v1/magic-link", { body: { email: "a@example.org" } });
    expect(said(heard)).toEqual([409, "mail_closed"]);
    const { json } = await w.ask("GET", "/v1/methods");
    expect(json).toMatchObject({ password: true, magicLink: false, passwordReset: false });
    expect((await here().ask("GET", "/v1/methods")).json).toMatchObject({
      magicLink: true,
      passwordReset: true,
      signUp: "open",
    });
  });
}
