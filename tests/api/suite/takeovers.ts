import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { OneTimeTokens } from "../../../adapters/ports/one-time-tokens.ts";
import { Outbox } from "../../../adapters/ports/outbox.ts";
import type { MailTemplate } from "../../../domain/mail/mod.ts";
import { mailbox, mailTo } from "../../support/mailbox.ts";
import {
  changeLink,
  completeReset,
  magicLink,
  redeem,
  resetLink,
  said,
  tokenBy,
  unproved,
  verify,
} from "../../support/mailed-links.ts";
import { browserOf } from "../pages-world.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

const VOID = [403, "invalid_token"];
const NOT_HERE = [403, "own_session_required"];

/** Ways by which an account has been taken over, each tried as its finder tried it. */
export function takeoverTests({ here: world, fresh }: Stage): void {
  const here = () => world();
  const newEmail = (name = "evil") => `${name}-${crypto.randomUUID()}@example.org`;
  const signIn = (identifier: string, password = PASSWORD) =>
    here().ask("POST", "/v1/sign-in", { body: { identifier, password } });
  const idBy = async (email: string) =>
    (await redeem(here(), await magicLink(here(), email))).json.user.id as string;

  test("a change of address does not survive the owner's first proof", async () => {
    const { email, cookie, id } = await unproved(here(), "victim");
    const evil = newEmail();
    const link = await changeLink(here(), cookie, evil);
    expect(await idBy(email)).toBe(id);
    expect(said(await verify(here(), link, { cookie }))).toEqual(NOT_HERE);
    expect(said(await verify(here(), link))).toEqual(NOT_HERE);
    expect(await idBy(evil)).not.toBe(id);
    expect(await idBy(email)).toBe(id);
  });

  const asked = async () => {
    const owner = await here().person("owner");
    const thief = String((await signIn(owner.email)).cookie);
    const evil = newEmail();
    return { owner, thief, evil, link: await changeLink(here(), thief, evil) };
  };
  const NEW = "an entirely new one";
  const byOwner = (path: string, method: string, body?: object) => (owner: { cookie: string }) =>
    here().ask(method, path, { cookie: owner.cookie, body });

  test.each([
    ["a password change", byOwner("/v1/me/password", "PUT", { current: PASSWORD, password: NEW })],
    ["ending all other sessions", byOwner("/v1/me/sessions", "DELETE")],
    [
      "a new username",
      (owner: { cookie: string }) =>
        byOwner("/v1/me/username", "PUT", {
          username: `own-${crypto.randomUUID().slice(0, 8)}`,
        })(owner),
    ],
  ])("%s takes a change of address from a thief, and from everybody", async (_, act) => {
    const { owner, thief, evil, link } = await asked();
    const own = await changeLink(here(), owner.cookie, newEmail("own"));
    const { status, cookie = owner.cookie } = await act(owner);
    expect(status).toBeLessThan(300);
    expect(said(await verify(here(), link))).toEqual(VOID);
    expect(said(await verify(here(), link, { cookie: thief }))).toEqual(VOID);
    expect(said(await verify(here(), link, { cookie }))).toEqual(VOID);
    expect(said(await verify(here(), own, { cookie }))).toEqual(VOID);
    expect(await idBy(evil)).not.toBe(owner.id);
  });

  test.each([
    ["free", async () => newEmail()],
    ["somebody's, which this does not tell", async () => (await here().person("taken")).email],
  ])(
    "the present address hears of a change that is asked for: one that is %s",
    async (_, wanted) => {
      const { cookie, email } = await here().person("warned");
      const body = { email: await wanted() };
      expect((await here().ask("PUT", "/v1/me/email", { cookie, body })).status).toBe(202);
      const mail = await mailTo(here(), email, { template: "email-change-asked" });
      expect(mail.link).toBe("http://localhost:4000/account/password");
      expect(mail.text).toContain("choose a new password at once");
      expect(mail.text).not.toContain(body.email);
    },
  );

  test("a proof of the present address takes it from whoever asked before", async () => {
    const { cookie, token } = await unproved(here(), "proving");
    const link = await changeLink(here(), cookie, newEmail());
    expect((await verify(here(), token, { cookie })).status).toBe(200);
    expect(said(await verify(here(), link, { cookie }))).toEqual(VOID);
  });

  test("signing everybody out takes every change of address that was asked for", async () => {
    const w = await fresh();
    const { cookie } = await w.architect();
    const { email, ...owner } = await w.person("everybody");
    const link = await changeLink(w, owner.cookie, newEmail());
    expect((await w.ask("DELETE", "/v1/sessions", { cookie })).status).toBe(204);
    const body = { identifier: email, password: PASSWORD };
    const again = await w.ask("POST", "/v1/sign-in", { body });
    expect(said(await verify(w, link, { cookie: again.cookie }))).toEqual(VOID);
  });

  test.each([
    ["a password change", byOwner("/v1/me/password", "PUT", { current: PASSWORD, password: NEW })],
    ["ending all other sessions", byOwner("/v1/me/sessions", "DELETE")],
    [
      "a new username",
      (owner: { cookie: string }) =>
        byOwner("/v1/me/username", "PUT", {
          username: `own-${crypto.randomUUID().slice(0, 8)}`,
        })(owner),
    ],
    [
      "a new address",
      async ({ cookie }: { cookie: string }) =>
        verify(here(), await changeLink(here(), cookie, newEmail("own")), { cookie }),
    ],
  ])("a stolen cookie does not survive %s, which exchanges it", async (_, act) => {
    const owner = await here().person("robbed");
    const own = await act(owner);
    expect(own.status).toBeLessThan(300);
    const status = async (cookie: string | undefined) =>
      (await here().ask("GET", "/v1/session", { cookie })).status;
    expect([await status(owner.cookie), await status(own.cookie)]).toEqual([401, 200]);
  });

  test("a page that ends all other sessions carries the new cookie", async () => {
    const { send } = browserOf(world);
    const { cookie } = await here().person("paged");
    const done = await send("/account/sessions", { form: "others" }, { cookie });
    expect(done.to).toBe("/account/sessions?done=sessionsEnded");
    expect((await here().ask("GET", "/v1/session", { cookie })).status).toBe(401);
    expect((await here().ask("GET", "/v1/session", { cookie: done.cookie })).status).toBe(200);
  });

  test("ending the other sessions gives a stale session no fresh proof", async () => {
    const w = await fresh();
    const { cookie } = await w.person("stale");
    w.forward(11 * 60_000);
    const ended = await w.ask("DELETE", "/v1/me/sessions", { cookie });
    const body = { username: "stale-enough" };
    const heard = await w.ask("PUT", "/v1/me/username", { cookie: ended.cookie, body });
    expect(said(heard)).toEqual([403, "elevation_required"]);
  });

  test("a session that its owner ends takes with it the change that was asked in it", async () => {
    const { owner, link } = await asked();
    const { items } = (await here().ask("GET", "/v1/me/sessions", { cookie: owner.cookie })).json;
    for (const { id, current } of items) {
      if (current) continue;
      await here().ask("DELETE", `/v1/me/sessions/${id}`, { cookie: owner.cookie });
    }
    const { cookie } = await signIn(owner.email);
    expect(said(await verify(here(), link, { cookie }))).toEqual(VOID);
  });

  test("sessions that an admin ends, and a block, take the change with them", async () => {
    const w = await fresh();
    const { cookie } = await w.architect();
    for (const [method, what] of [
      ["DELETE", "sessions"],
      ["POST", "block"],
    ] as const) {
      const { id, email, ...owner } = await w.person("administered");
      const reset = await resetLink(w, email);
      const link = await changeLink(w, owner.cookie, newEmail());
      expect((await w.ask(method, `/v1/users/${id}/${what}`, { cookie })).status).toBeLessThan(300);
      await w.ask("POST", `/v1/users/${id}/unblock`, { cookie });
      const body = { identifier: email, password: PASSWORD };
      const again = await w.ask("POST", "/v1/sign-in", { body });
      expect(said(await verify(w, link, { cookie: again.cookie })), what).toEqual(VOID);
      if (what === "block") continue;
      expect(said(await completeReset(w, reset, NEW)), what).toEqual(VOID);
    }
  });

  test("a password change makes worthless the links to choose another", async () => {
    const { cookie, email } = await here().person("reset");
    const link = await resetLink(here(), email);
    const body = { current: PASSWORD, password: NEW };
    expect((await here().ask("PUT", "/v1/me/password", { cookie, body })).status).toBe(204);
    expect(said(await completeReset(here(), link, "a third passphrase"))).toEqual(VOID);
  });

  test("a session from before the change was asked for proves who it is first", async () => {
    const { owner, link } = await asked();
    const early = await verify(here(), link, { cookie: owner.cookie });
    expect(said(early)).toEqual([403, "elevation_required"]);
    const body = { password: PASSWORD };
    const { cookie } = await here().ask("POST", "/v1/session/elevate", {
      cookie: owner.cookie,
      body,
    });
    expect((await verify(here(), link, { cookie })).status).toBe(200);
  });

  test("one that began after it, by the person's own door, redeems it", async () => {
    const { owner, link } = await asked();
    const { cookie } = await signIn(owner.email);
    expect((await verify(here(), link, { cookie })).status).toBe(200);
  });

  const rowTo = (userId: string, kind: MailTemplate, w = here()) =>
    w.run(
      Effect.gen(function* () {
        const { items } = yield* (yield* Outbox).list({ recipient: userId, limit: 50 });
        const row = items.find(({ template }) => template === kind);
        return row ?? expect.fail("no mail was asked for");
      }),
    );

  test("an outbox row that was edited sends nobody another's token", async () => {
    const [attacker, victim] = [await here().person("attacker"), await here().person("victim")];
    const evil = newEmail();
    await changeLink(here(), attacker.cookie, evil);
    const { sentAt: _, ...row } = await rowTo(attacker.id, "email-change");
    const forged = [
      { ...row, id: crypto.randomUUID(), recipient: victim.id },
      { ...row, id: crypto.randomUUID(), template: "reset" as const, recipient: victim.id },
      { ...row, id: crypto.randomUUID(), template: "magic-link" as const },
      { ...row, id: crypto.randomUUID(), expiresAt: "2099-01-01T00:00:00.000Z" },
    ];
    await here().run(Effect.flatMap(Outbox, ({ put }) => put(forged)));
    await here().heads();
    const mails = (await mailbox(here())).filter(({ to }) => to === evil);
    expect(mails.map(({ template }) => template)).toEqual(["email-change"]);
    const { items } = await here().run(
      Effect.flatMap(Outbox, ({ list }) => list({ state: "dropped", limit: 50 })),
    );
    const dropped = items.filter(({ id }) => forged.some((each) => each.id === id));
    expect(dropped.map(({ code }) => code)).toEqual(forged.map(() => "not_meant"));
  });

  test("a token whose event is about somebody else opens nothing", async () => {
    const w = await fresh();
    const { cookie } = await w.architect();
    const [attacker, victim] = [await w.person("attacker"), await w.person("victim")];
    const to = { email: attacker.email, template: "set-password" } as const;
    await tokenBy(w, to, () => w.ask("POST", `/v1/users/${attacker.id}/password-mail`, { cookie }));
    const { ledger, position, eventId, expiresAt } = await rowTo(attacker.id, to.template, w);
    const event = { ledger, position, eventId, expiresAt, subject: victim.id };
    const token = await w.run(
      Effect.flatMap(OneTimeTokens, ({ issue }) => issue("set-password", event)),
    );
    expect(said(await completeReset(w, token, NEW))).toEqual(VOID);
  });

  test("whoever opens the link to another's account gives their address to nobody", async () => {
    const attacker = await here().person("attacker");
    const victim = newEmail("victim");
    const link = await changeLink(here(), attacker.cookie, victim);
    expect(said(await verify(here(), link))).toEqual(NOT_HERE);
    const other = await here().person("bystander");
    expect(said(await verify(here(), link, { cookie: other.cookie }))).toEqual(NOT_HERE);
    expect(said(await verify(here(), link, { password: PASSWORD } as object))).toEqual(NOT_HERE);
    expect((await signIn(victim)).status).toBe(401);
    expect(await idBy(victim)).not.toBe(attacker.id);
  });

  test("refused elsewhere, the link is still good in a session of the account", async () => {
    const { cookie, id } = await here().person("mover");
    const email = newEmail("moved");
    const link = await changeLink(here(), cookie, email);
    expect(said(await verify(here(), link))).toEqual(NOT_HERE);
    expect((await verify(here(), link, { cookie })).status).toBe(200);
    expect(await idBy(email)).toBe(id);
  });

  test("the page of the link leads to sign-in and back, and says whose account moves", async () => {
    const { look, send } = browserOf(world);
    const { cookie, email } = await here().person("paged");
    const next = newEmail("paged");
    const token = await changeLink(here(), cookie, next);
    const path = `/account/email/confirm?token=${token}`;
    const away = await look(path);
    expect([away.status, away.to]).toEqual([
      303,
      `/sign-in?redirectTo=${encodeURIComponent(path)}`,
    ]);
    expect((await look(path, { cookie })).text).toContain(email);
    const other = await here().person("bystander");
    const form = { form: "confirm", carried: token };
    const wrong = await send("/account/email/confirm", form, { cookie: other.cookie });
    expect(wrong.status).toBe(403);
    expect(wrong.text).toContain("signed in to the account that asked for it");
    const done = await send("/account/email/confirm", form, { cookie });
    expect([done.status, done.to]).toEqual([303, "/account/email?done=verified"]);
    const again = await send("/account/email/confirm", form, { cookie: done.cookie });
    expect(again.status).toBe(403);
    expect(again.text).toContain('<a class="button" href="/account/email">Send me a new link</a>');
  });
}
