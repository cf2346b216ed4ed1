import { expect, test } from "vitest";
import { mailTo } from "../../support/mailbox.ts";
import {
  magicLink,
  redeem,
  resetLink,
  said,
  tokenBy,
  unproved,
  verify,
} from "../../support/mailed-links.ts";
import type { Stage } from "../suite.ts";
import { ORIGIN, PASSWORD } from "../world.ts";

const HOUR_MS = 60 * 60 * 1000;
const REFUSED = [403, "invalid_token"];

export function emailProofTests({ here, fresh }: Stage): void {
  const session = async (cookie: string | undefined, w = here()) =>
    (await w.ask("GET", "/v1/session", { cookie })).status;
  const signIn = (identifier: string, password = PASSWORD, w = here()) =>
    w.ask("POST", "/v1/sign-in", { body: { identifier, password } });

  test("a password for another's e-mail does not survive the owner's first proof", async () => {
    const { email, cookie, token } = await unproved(here(), "owner");
    const elsewhere = await signIn(email);
    const heard = await verify(here(), token);
    expect([heard.status, heard.json]).toEqual([200, { passwordRemoved: true }]);
    expect([await session(cookie), await session(elsewhere.cookie)]).toEqual([401, 401]);
    expect((await signIn(email)).status).toBe(401);
  });

  test("a magic link that removes an unproved password says so, here and by mail", async () => {
    const { email } = await unproved(here(), "linked");
    const heard = await redeem(here(), await magicLink(here(), email));
    expect(heard.json).toMatchObject({ passwordRemoved: true, user: { methods: [] } });
    const mail = await mailTo(here(), email, { template: "password-removed" });
    expect(mail.link).toBe(`${ORIGIN}/account/password`);
    const again = await redeem(here(), await magicLink(here(), email));
    expect(again.json.passwordRemoved).toBe(false);
  });

  test("a proof in a session that the password opened keeps it, and the session", async () => {
    const { cookie, token } = await unproved(here(), "same");
    const heard = await verify(here(), token, { cookie });
    expect(heard.json).toEqual({ passwordRemoved: false });
    const me = await here().ask("GET", `/v1/me?at_least=${heard.position}`, { cookie });
    expect(me.json.user).toMatchObject({ emailVerified: true, methods: ["password"] });
  });

  test("a proof with the password keeps it; a wrong one leaves the token good", async () => {
    const { email, token } = await unproved(here(), "typed");
    const wrong = await verify(here(), token, { password: "not the password" });
    expect(said(wrong)).toEqual([403, "invalid_credentials"]);
    expect((await verify(here(), token, { password: PASSWORD })).json).toEqual({
      passwordRemoved: false,
    });
    expect((await signIn(email)).status).toBe(200);
  });

  test("another person's session is not a session of the password", async () => {
    const { token } = await unproved(here(), "victim");
    const { cookie } = await here().person("other");
    expect((await verify(here(), token, { cookie })).json).toEqual({ passwordRemoved: true });
    expect(await session(cookie)).toBe(200);
  });

  test("a verification token is used twice: of fifty at once one proves", async () => {
    const { token, cookie } = await unproved(here(), "many");
    const heard = await Promise.all(
      Array.from({ length: 50 }, () => verify(here(), token, { cookie })),
    );
    expect(heard.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(said(await verify(here(), token, { cookie }))).toEqual(REFUSED);
  });

  test("a verification token is late", async () => {
    const w = await fresh();
    const [soon, { token, cookie }] = [await unproved(w, "soon"), await unproved(w, "tardy")];
    w.forward(HOUR_MS - 60_000);
    expect((await verify(w, soon.token, { cookie: soon.cookie })).status).toBe(200);
    w.forward(2 * 60_000);
    expect(said(await verify(w, token, { cookie }))).toEqual(REFUSED);
  });

  test("the mail that proves an address is sent again when it is asked for", async () => {
    const { email, cookie } = await unproved(here(), "again");
    const again = await tokenBy(here(), { email, template: "verification" }, async () => {
      const heard = await here().ask("POST", "/v1/email/verification", { cookie });
      expect(heard.status).toBe(202);
    });
    expect((await verify(here(), again, { cookie })).status).toBe(200);
  });

  test("a verification token is not one of another purpose, and the reverse", async () => {
    const { email, token, cookie } = await unproved(here(), "crossed");
    expect(said(await redeem(here(), token))).toEqual(REFUSED);
    const reset = await resetLink(here(), email);
    expect(said(await verify(here(), reset, { cookie }))).toEqual(REFUSED);
    const body = { token, password: "an entirely new one" };
    expect(said(await here().ask("POST", "/v1/password/reset/complete", { body }))).toEqual(
      REFUSED,
    );
    expect((await verify(here(), token, { cookie })).status).toBe(200);
  });

  test("a verification token of one account proves no other's address", async () => {
    const [one, other] = [await unproved(here(), "one"), await unproved(here(), "two")];
    await verify(here(), one.token, { cookie: other.cookie });
    const me = await here().ask("GET", "/v1/me", { cookie: other.cookie });
    expect(me.json.user.emailVerified).toBe(false);
  });

  test("who has proved their address is sent nothing again; a guest has none", async () => {
    const { cookie, token } = await unproved(here(), "proved");
    await verify(here(), token, { cookie });
    const before = await here().heads();
    expect((await here().ask("POST", "/v1/email/verification", { cookie })).status).toBe(202);
    expect(await here().heads()).toEqual(before);
    const guest = await here().ask("POST", "/v1/guest");
    const heard = await here().ask("POST", "/v1/email/verification", { cookie: guest.cookie });
    expect(said(heard)).toEqual([409, "no_email"]);
  });

  test("mails that are asked for again and again are throttled", async () => {
    const { cookie } = await unproved(here(), "eager");
    const send = () => here().ask("POST", "/v1/email/verification", { cookie });
    expect((await send()).status).toBe(202);
    const heard = await Promise.all([send(), send(), send()]);
    expect(heard.map(({ status }) => status)).toContain(429);
  });
}
