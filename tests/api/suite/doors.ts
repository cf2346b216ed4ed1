import { expect, test } from "vitest";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

export function doorTests({ here, fresh }: Stage): void {
  const signUp = (email: string, password = PASSWORD, cookie?: string) =>
    here().ask("POST", "/v1/sign-up", { body: { email, password }, cookie });
  const signIn = (identifier: string, password = PASSWORD, cookie?: string) =>
    here().ask("POST", "/v1/sign-in", { body: { identifier, password }, cookie });

  test("sign-up answers the user, the position and a cookie that is good at once", async () => {
    const heard = await signUp("new@example.org");
    expect(heard.status).toBe(201);
    expect(heard.json.position).toBe(heard.position);
    expect(heard.json.user).toMatchObject({
      email: "new@example.org",
      emailVerified: false,
      roles: ["user"],
      methods: ["password"],
      status: "active",
      guest: false,
    });
    expect(heard.headers.getSetCookie()[0]).toMatch(
      /^authledger_session=[\w-]{64}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/,
    );
    const session = await here().ask("GET", "/v1/session", { cookie: heard.cookie });
    expect(session.json.user).toEqual(heard.json.user);
    expect(session.json.session).toMatchObject({ method: "sign-up", current: true });
  });

  test("on a public URL the cookie is Secure and bound to the host", async () => {
    const w = await fresh({ publicMode: true });
    const heard = await w.ask("POST", "/v1/guest");
    expect(heard.headers.getSetCookie()[0]).toMatch(/^__Host-authledger_session=.*; Secure$/);
    expect((await w.ask("GET", "/v1/session", { cookie: heard.cookie })).status).toBe(200);
    const plain = heard.cookie?.replace("__Host-", "");
    expect((await w.ask("GET", "/v1/session", { cookie: plain })).status).toBe(401);
  });

  test("two sign-ups with one e-mail at once: exactly one 201, one 409", async () => {
    for (let round = 0; round < 5; round++) {
      const heard = await Promise.all([1, 2].map(() => signUp(`race-${round}@example.org`)));
      expect(heard.map(({ status }) => status).toSorted()).toEqual([201, 409]);
      expect(heard.find(({ status }) => status === 409)?.json.code).toBe("email_taken");
    }
  });

  test.each([
    "CASE@Example.ORG",
    "  case@example.org ",
    "ｃａｓｅ@ｅｘａｍｐｌｅ.ｏｒｇ",
    "case@example。org",
    "case＠example.org",
  ])("a case, width or Unicode variant of an existing e-mail is taken: %s", async (variant) => {
    await signUp("case@example.org");
    expect((await signUp(variant)).json.code).toBe("email_taken");
    expect((await signIn(variant)).status).toBe(200);
  });

  test("small letters of one capital are one mailbox", async () => {
    await signUp("οδος@example.org");
    expect((await signUp("ΟΔΟΣ@example.org")).json.code).toBe("email_taken");
    expect((await signUp("οδοσ@example.org")).json.code).toBe("email_taken");
  });

  test.each([
    "seen\u200b@example.org",
    "seen\ufe0f@example.org",
    "seen\u034f@example.org",
    "seen\u3164@example.org",
    "seen@example.org/path",
    "seen@example.org?query",
    "seen@example.org#fragment",
    "seen@ex%61mple.org",
  ])("an address with what nobody sees, or what is no domain, is refused: %j", async (address) => {
    const heard = await signUp(address);
    expect(heard.status).toBe(400);
    expect(heard.json).toMatchObject({ code: "invalid_field", field: "email" });
  });

  test("a domain is one mailbox in Unicode and in punycode", async () => {
    expect((await signUp("who@bücher.example")).status).toBe(201);
    expect((await signUp("who@xn--bcher-kva.example")).json.code).toBe("email_taken");
  });

  test.each([
    "",
    "no-at",
    "@example.org",
    "a@",
    "a@localhost",
    "a@127.0.0.1",
    "a b@example.org",
    "a\u0000@example.org",
    "a\u200b@example.org",
    "a..b@example.org",
    "a@exa mple.org",
    `${"a".repeat(65)}@example.org`,
    `a@${"b".repeat(250)}.org`,
    `${"a".repeat(10_000)}@example.org`,
  ])("what is no address is refused: %j", async (email) => {
    const heard = await signUp(email);
    expect(heard.json).toMatchObject({ status: 400, code: "invalid_field", field: "email" });
  });

  test.each([
    "short",
    "e\u0301".repeat(4),
    "password123",
    "PassWord123",
    "Qwertyuiop",
    "ｐａｓｓｗｏｒｄ１２３",
    "x".repeat(129),
  ])("a password that is short, common or huge is refused: %s", async (password) => {
    const heard = await signUp("choosy@example.org", password);
    expect(heard.json).toMatchObject({ code: "invalid_field", field: "password" });
  });

  test.each([
    "ada.lovelace@example.org",
    "Ada.Lovelace@Example.org",
    "ada.lovelace",
    "ADA.LOVELACE",
    "ａｄａ.lovelace",
  ])("a password that is one's own address is refused: %s", async (password) => {
    const email = "ada.lovelace@example.org";
    const refused = { status: 400, code: "invalid_field", field: "password" };
    expect((await signUp(email, password)).json).toMatchObject(refused);
  });

  test("nor is it put later; another's is no secret of theirs", async () => {
    const { email, cookie } = await here().person("byron-of-rochdale");
    const put = async (password: string) =>
      (
        await here().ask("PUT", "/v1/me/password", {
          cookie,
          body: { current: PASSWORD, password },
        })
      ).status;
    expect(await put(email.toUpperCase())).toBe(400);
    expect(await put(email.split("@")[0] ?? "")).toBe(400);
    expect(await put("ada.lovelace@example.org")).toBe(204);
  });

  test("a password may hold any character", async () => {
    const password = "\u0000\n\t ünïcödé 🗝️ \u007f";
    expect((await signUp("any@example.org", password)).status).toBe(201);
    expect((await signIn("any@example.org", password)).status).toBe(200);
  });

  test("sign-in answers unknown and wrong alike", async () => {
    const { email } = await here().person("known");
    const wrong = await signIn(email, "not the password");
    const unknown = await signIn("unknown@example.org", "not the password");
    const garbled = await signIn("\u0000", "not the password");
    for (const heard of [wrong, unknown, garbled]) {
      const { requestId: _, ...rest } = heard.json;
      expect(rest).toEqual({ title: "Unauthorized", status: 401, code: "invalid_credentials" });
      expect(heard.cookie).toBeUndefined();
    }
  });

  test("an account without a password does not sign in by e-mail alone", async () => {
    const { email } = await here().person("alone");
    const heard = await here().ask("POST", "/v1/sign-in", { body: { identifier: email } });
    expect(heard.json).toMatchObject({ status: 400, field: "password" });
    expect((await signIn(email, "")).status).toBe(400);
  });

  test("a session id is not kept across sign-in", async () => {
    const before = await here().person("fixed");
    const heard = await signIn(before.email, PASSWORD, before.cookie);
    expect(heard.cookie).not.toBe(before.cookie);
    expect((await here().ask("GET", "/v1/session", { cookie: before.cookie })).status).toBe(401);
    expect((await here().ask("GET", "/v1/session", { cookie: heard.cookie })).status).toBe(200);
  });

  test("sign-out ends the session; without one it is the same", async () => {
    const { cookie } = await here().person("leaver");
    const heard = await here().ask("POST", "/v1/sign-out", { cookie });
    expect(heard.status).toBe(204);
    expect(heard.headers.getSetCookie()[0]).toMatch(/^authledger_session=; Path=\/; Max-Age=0/);
    expect((await here().ask("GET", "/v1/session", { cookie })).status).toBe(401);
    expect((await here().ask("POST", "/v1/sign-out", { cookie })).status).toBe(204);
  });

  test("a guest keeps their id when they sign up, and the guest's cookie ends", async () => {
    const guest = await here().ask("POST", "/v1/guest");
    expect(guest.json.user).toMatchObject({ guest: true, roles: ["guest"], methods: [] });
    const again = await here().ask("POST", "/v1/guest", { cookie: guest.cookie });
    expect([again.status, again.json.user.id]).toEqual([200, guest.json.user.id]);
    const promoted = await signUp("was-guest@example.org", PASSWORD, guest.cookie);
    expect(promoted.status).toBe(201);
    expect(promoted.json.user).toMatchObject({
      id: guest.json.user.id,
      guest: false,
      roles: ["user"],
    });
    const { ask } = here();
    expect((await ask("GET", "/v1/session", { cookie: guest.cookie })).status).toBe(401);
    const person = await ask("POST", "/v1/guest", { cookie: promoted.cookie });
    expect([person.status, person.json.code]).toEqual([409, "already_signed_in"]);
  });

  test("a cookie that we did not give out is nobody's", async () => {
    const { cookie } = await here().person("cut");
    const forged = [
      `${cookie.slice(0, -1)}${cookie.endsWith("A") ? "B" : "A"}`,
      `${cookie}A`,
      "authledger_session=",
      `authledger_session=${"A".repeat(64)}`,
      `${cookie}; ${cookie}`,
    ];
    for (const each of forged) {
      expect((await here().ask("GET", "/v1/session", { cookie: each })).status, each).toBe(401);
    }
  });

  test.each(["invited", "closed"] as const)("sign-up is refused while it is %s", async (mode) => {
    const w = await fresh({ signUp: mode });
    const body = { email: "late@example.org", password: PASSWORD };
    const heard = await w.ask("POST", "/v1/sign-up", { body });
    expect([heard.status, heard.json.code]).toEqual([403, "signup_closed"]);
  });
}
