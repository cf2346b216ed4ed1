import { expect, test } from "vitest";
import { mailTo } from "../../support/mailbox.ts";
import {
  changeLink,
  completeReset,
  magicLink,
  redeem,
  resetLink,
  said,
  verify,
} from "../../support/mailed-links.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

const MINUTE_MS = 60_000;
const REFUSED = [403, "invalid_token"];

export function ownNameTests({ here, fresh }: Stage): void {
  const session = async (cookie: string | undefined, w = here()) =>
    (await w.ask("GET", "/v1/session", { cookie })).status;
  const signIn = (identifier: string, password = PASSWORD, w = here()) =>
    w.ask("POST", "/v1/sign-in", { body: { identifier, password } });
  const choose = (cookie: string | undefined, username: string) =>
    here().ask("PUT", "/v1/me/username", { cookie, body: { username } });
  const newEmail = () => `new-${crypto.randomUUID()}@example.org`;

  test("a username signs in beside the address, shown as typed; other sessions end", async () => {
    const { cookie, email } = await here().person("named");
    const other = await signIn(email);
    const username = `Ada.${crypto.randomUUID().slice(0, 8)}`;
    const heard = await choose(cookie, username);
    expect(heard.json.user).toMatchObject({ username, email });
    expect([await session(heard.cookie), await session(other.cookie)]).toEqual([200, 401]);
    for (const typed of [username, username.toUpperCase(), ` ${username.toLowerCase()} `]) {
      expect((await signIn(typed)).status, typed).toBe(200);
    }
    const wide = username.replaceAll(/[A-Za-z]/g, (letter) =>
      String.fromCodePoint(letter.charCodeAt(0) + 0xfee0),
    );
    expect((await signIn(wide)).status).toBe(200);
    expect((await signIn(email)).status).toBe(200);
  });

  test("a case variant of an existing username is taken, and given up it is free", async () => {
    const [one, other] = [await here().person("first"), await here().person("second")];
    const username = `Grace-${crypto.randomUUID().slice(0, 8)}`;
    const chosen = await choose(one.cookie, username);
    expect(chosen.status).toBe(200);
    for (const variant of [username, username.toLowerCase(), username.toUpperCase()]) {
      expect(said(await choose(other.cookie, variant))).toEqual([409, "username_taken"]);
    }
    expect((await choose(chosen.cookie, `${username}-2`)).status).toBe(200);
    expect((await choose(other.cookie, username)).status).toBe(200);
    expect((await signIn(username)).json.user.id).toBe(other.id);
  });

  test("fifty want one username at once: exactly one gets it", async () => {
    const people = await Promise.all(Array.from({ length: 50 }, () => here().person("rival")));
    const username = `rival-${crypto.randomUUID().slice(0, 8)}`;
    const heard = await Promise.all(people.map(({ cookie }) => choose(cookie, username)));
    expect(heard.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test.each([
    "ab",
    "a".repeat(33),
    "no@ddress",
    "späth",
    "аda",
    "ada ",
    ".ada",
    "a\u0000a",
    "ａｄａ",
  ])("what is no ASCII username is refused: %j", async (username) => {
    const { cookie } = await here().person("odd");
    const heard = await choose(cookie, username);
    expect(heard.json).toMatchObject({ status: 400, field: "username" });
  });

  test("the same username again appends nothing; a guest chooses none", async () => {
    const { cookie } = await here().person("steady");
    const username = `steady-${crypto.randomUUID().slice(0, 8)}`;
    const chosen = await choose(cookie, username);
    const before = await here().heads();
    expect((await choose(chosen.cookie, username)).status).toBe(200);
    expect(await here().heads()).toEqual(before);
    const guest = await here().ask("POST", "/v1/guest");
    expect(said(await choose(guest.cookie, username))).toEqual([409, "guest"]);
  });

  test("a new address counts once its link is redeemed, and the old one hears of it", async () => {
    const { cookie, email } = await here().person("mover");
    const other = await signIn(email);
    const next = newEmail();
    const old = [await resetLink(here(), email), await magicLink(here(), email)];
    const token = await changeLink(here(), cookie, next);
    expect((await signIn(next)).status).toBe(401);
    const heard = await verify(here(), token, { cookie });
    expect(heard.status).toBe(200);
    const me = await here().ask("GET", `/v1/me?at_least=${heard.position}`, {
      cookie: heard.cookie,
    });
    expect(me.json.user).toMatchObject({ email: next, emailVerified: true, methods: ["password"] });
    expect(await session(other.cookie)).toBe(401);
    expect((await signIn(email)).status).toBe(401);
    expect((await signIn(next)).status).toBe(200);
    await mailTo(here(), email, { template: "email-replaced" });
    expect(said(await completeReset(here(), old[0] ?? "", "an entirely new one"))).toEqual(REFUSED);
    expect(said(await redeem(here(), old[1] ?? ""))).toEqual(REFUSED);
    expect(said(await verify(here(), token, { cookie: heard.cookie }))).toEqual(REFUSED);
  });

  test("a proved address is nobody else's for 30 days, but its owner's again", async () => {
    const w = await fresh();
    const { email } = await w.person("keeper");
    const { cookie } = await redeem(w, await magicLink(w, email));
    const next = newEmail();
    const moved = await verify(w, await changeLink(w, cookie, next), { cookie });
    const body = { email, password: PASSWORD };
    expect(said(await w.ask("POST", "/v1/sign-up", { body }))).toEqual([409, "email_taken"]);
    const link = await changeLink(w, moved.cookie, email);
    const back = await verify(w, link, { cookie: moved.cookie });
    expect(back.status).toBe(200);
    expect((await w.ask("GET", "/v1/me", { cookie: back.cookie })).json.user.email).toBe(email);
    expect(said(await w.ask("POST", "/v1/sign-up", { body: { ...body, email: next } }))).toEqual([
      409,
      "email_taken",
    ]);
  });

  test("an address that was never proved is free at once: it may be another's", async () => {
    const { cookie, email } = await here().person("squatter");
    await verify(here(), await changeLink(here(), cookie, newEmail()), { cookie });
    const body = { email, password: PASSWORD };
    expect((await here().ask("POST", "/v1/sign-up", { body })).status).toBe(201);
  });

  test("a taken address is not told, and one that was taken meanwhile is refused", async () => {
    const [one, other] = [await here().person("wants"), await here().person("has")];
    const heard = await here().ask("PUT", "/v1/me/email", {
      cookie: one.cookie,
      body: { email: other.email },
    });
    expect([heard.status, heard.json]).toEqual([202, undefined]);
    await mailTo(here(), other.email, { template: "account-exists" });
    const email = newEmail();
    const token = await changeLink(here(), one.cookie, email);
    const body = { email, password: PASSWORD };
    expect((await here().ask("POST", "/v1/sign-up", { body })).status).toBe(201);
    const late = await verify(here(), token, { cookie: one.cookie });
    expect(said(late)).toEqual([409, "email_taken"]);
  });

  test("two who want one address at once: exactly one gets it", async () => {
    const people = [await here().person("a"), await here().person("b")];
    const email = newEmail();
    const links = [];
    for (const { cookie } of people) {
      links.push({ cookie, token: await changeLink(here(), cookie, email) });
    }
    const heard = await Promise.all(
      links.map(({ token, cookie }) => verify(here(), token, { cookie })),
    );
    expect(heard.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  test("names and the first password want a fresh sign-in", async () => {
    const w = await fresh();
    const { cookie } = await w.person("stale");
    const username = "fresh-enough";
    const fresher = await w.ask("PUT", "/v1/me/username", { cookie, body: { username } });
    expect(fresher.status).toBe(200);
    const linked = await redeem(w, await magicLink(w, newEmail()));
    w.forward(11 * MINUTE_MS);
    const tries = [
      ["/v1/me/email", { email: newEmail() }, fresher.cookie],
      ["/v1/me/username", { username: "stale-enough" }, fresher.cookie],
      ["/v1/me/password", { password: "an entirely new one" }, linked.cookie],
    ] as const;
    for (const [path, body, who] of tries) {
      const heard = await w.ask("PUT", path, { cookie: who, body });
      expect(said(heard), path).toEqual([403, "elevation_required"]);
    }
  });

  test("a first password is chosen without one; who has one says it", async () => {
    const email = newEmail();
    const { cookie } = await redeem(here(), await magicLink(here(), email));
    const other = await redeem(here(), await magicLink(here(), email));
    const put = (body: object, by = cookie) =>
      here().ask("PUT", "/v1/me/password", { cookie: by, body });
    const chosen = await put({ password: "an entirely new one" });
    expect(chosen.status).toBe(204);
    expect([await session(chosen.cookie), await session(other.cookie)]).toEqual([200, 401]);
    expect((await signIn(email, "an entirely new one")).status).toBe(200);
    const again = await put({ password: "another new one" }, chosen.cookie);
    expect(again.json).toMatchObject({ field: "current" });
    const guest = await here().ask("POST", "/v1/guest");
    const heard = await here().ask("PUT", "/v1/me/password", {
      cookie: guest.cookie,
      body: { password: "another new one" },
    });
    expect(said(heard)).toEqual([409, "guest"]);
  });

  test("of many replacements with one password at once, one counts", async () => {
    const { cookie, email } = await here().person("busy");
    const passwords = Array.from({ length: 3 }, (_, at) => `an entirely new one ${at}`);
    const heard = await Promise.all(
      passwords.map((password) =>
        here().ask("PUT", "/v1/me/password", { cookie, body: { current: PASSWORD, password } }),
      ),
    );
    const done = passwords.filter((_, at) => heard[at]?.status === 204);
    expect(done).toHaveLength(1);
    expect((await signIn(email, done[0])).status).toBe(200);
  });

  test("who signs in by an unknown name is answered like who mistypes a password", async () => {
    const { cookie } = await here().person("compared");
    const username = `compared-${crypto.randomUUID().slice(0, 8)}`;
    await choose(cookie, username);
    const heard = [await signIn(username, "wrong one"), await signIn("nobody-here", "wrong one")];
    expect(heard.map(said)).toEqual([
      [401, "invalid_credentials"],
      [401, "invalid_credentials"],
    ]);
  });
}
