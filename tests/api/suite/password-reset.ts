import { expect, test } from "vitest";
import { completeReset, magicLink, redeem, resetLink, said } from "../../support/mailed-links.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

const HOUR_MS = 60 * 60 * 1000;
const NEXT = "an entirely new one";
const REFUSED = [403, "invalid_token"];

export function passwordResetTests({ here, fresh }: Stage): void {
  const session = async (cookie: string | undefined, w = here()) =>
    (await w.ask("GET", "/v1/session", { cookie })).status;
  const signIn = (identifier: string, password: string, w = here()) =>
    w.ask("POST", "/v1/sign-in", { body: { identifier, password } });

  test("a reset replaces the password, proves the address and ends every session", async () => {
    const { email, cookie } = await here().person("forgot");
    const other = await signIn(email, PASSWORD);
    const heard = await completeReset(here(), await resetLink(here(), email), NEXT);
    expect([heard.status, heard.cookie]).toEqual([204, undefined]);
    expect([await session(cookie), await session(other.cookie)]).toEqual([401, 401]);
    expect((await signIn(email, PASSWORD)).status).toBe(401);
    const back = await signIn(email, NEXT);
    expect(back.json.user).toMatchObject({ emailVerified: true, methods: ["password"] });
  });

  test("a reset is the first password of who has none", async () => {
    const email = `bare-${crypto.randomUUID()}@example.org`;
    const signedUp = await redeem(here(), await magicLink(here(), email));
    const heard = await completeReset(here(), await resetLink(here(), email), NEXT);
    expect(heard.status).toBe(204);
    expect(await session(signedUp.cookie)).toBe(401);
    expect((await signIn(email, NEXT)).json.user.methods).toEqual(["password"]);
  });

  test("a reset token is used twice: of fifty at once one password counts", async () => {
    const { email } = await here().person("raced");
    const token = await resetLink(here(), email);
    const passwords = Array.from({ length: 50 }, (_, at) => `${NEXT} ${at}`);
    const heard = await Promise.all(
      passwords.map((password) => completeReset(here(), token, password)),
    );
    const done = heard.flatMap(({ status }, at) => (status === 204 ? [passwords[at] ?? ""] : []));
    expect(done).toHaveLength(1);
    expect((await signIn(email, done[0] ?? "")).status).toBe(200);
    expect(said(await completeReset(here(), token, NEXT))).toEqual(REFUSED);
  });

  test("a reset token is late", async () => {
    const w = await fresh();
    const { email } = await w.person("slow");
    const token = await resetLink(w, email);
    w.forward(HOUR_MS + 60_000);
    expect(said(await completeReset(w, token, NEXT))).toEqual(REFUSED);
    expect((await signIn(email, PASSWORD, w)).status).toBe(200);
  });

  test("a reset makes the other links of that person worthless, and of nobody else", async () => {
    const [one, other] = [await here().person("hers"), await here().person("his")];
    const mine = [await resetLink(here(), one.email), await resetLink(here(), one.email)];
    const link = await magicLink(here(), one.email);
    const theirs = await resetLink(here(), other.email);
    expect((await completeReset(here(), mine[1] ?? "", NEXT)).status).toBe(204);
    expect(said(await completeReset(here(), mine[0] ?? "", NEXT))).toEqual(REFUSED);
    expect(said(await redeem(here(), link))).toEqual(REFUSED);
    expect((await signIn(other.email, PASSWORD)).status).toBe(200);
    expect((await completeReset(here(), theirs, NEXT)).status).toBe(204);
  });

  test("a password that is refused leaves the token good", async () => {
    const { email } = await here().person("picky");
    const token = await resetLink(here(), email);
    for (const password of ["short", "password123", email]) {
      const heard = await completeReset(here(), token, password);
      expect(heard.json).toMatchObject({ status: 400, field: "password" });
    }
    expect((await completeReset(here(), token, NEXT)).status).toBe(204);
  });

  test("unknown and known accounts do not differ: reset", async () => {
    const { email } = await here().person("there");
    const heard = [];
    for (const each of [email, "nobody-at-all@example.org"]) {
      const [identity = 0] = await here().heads();
      const answer = await here().ask("POST", "/v1/password/reset", { body: { email: each } });
      const { status, json, cookie, position } = answer;
      heard.push([status, json, cookie, position - identity]);
    }
    expect(heard[0]).toEqual([202, undefined, undefined, 0]);
    expect(heard[1]).toEqual(heard[0]);
  });

  test("a blocked or erased person resets nothing", async () => {
    const w = await fresh();
    const admin = await w.architect();
    const [blocked, gone] = [await w.person("blocked"), await w.person("gone")];
    const tokens = [await resetLink(w, blocked.email), await resetLink(w, gone.email)];
    await w.ask("POST", `/v1/users/${blocked.id}/block`, { cookie: admin.cookie, body: {} });
    await w.ask("DELETE", "/v1/me", { cookie: gone.cookie });
    expect(said(await completeReset(w, tokens[0] ?? "", NEXT))).toEqual([403, "blocked"]);
    expect(said(await completeReset(w, tokens[1] ?? "", NEXT))).toEqual(REFUSED);
  });
}
