import { expect, test } from "vitest";
import { mailbox, mailTo } from "../../support/mailbox.ts";
import { said, tokenBy, verify } from "../../support/mailed-links.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD, type World } from "../world.ts";

export function unseenSignUpTests({ fresh }: Stage): void {
  const strict = () => fresh({ verifyEmail: "before-sign-in" });
  const signUp = (w: World, email: string, cookie?: string) =>
    w.ask("POST", "/v1/sign-up", { cookie, body: { email, password: PASSWORD } });
  const signIn = (w: World, identifier: string, password = PASSWORD, cookie?: string) =>
    w.ask("POST", "/v1/sign-in", { cookie, body: { identifier, password } });
  const enrolled = async (w: World, email: string, cookie?: string) =>
    tokenBy(w, { email, template: "verification" }, () => signUp(w, email, cookie));

  test("unknown and known accounts do not differ: sign-up, before sign-in", async () => {
    const w = await strict();
    const email = "known@example.org";
    const token = await enrolled(w, email);
    await verify(w, token, { password: PASSWORD });
    const tries = [email, "KNOWN@example.org", "unknown@example.org"];
    const heard = [];
    for (const each of tries) {
      const { status, json, headers } = await signUp(w, each);
      const told = [...headers].filter(([name]) => name !== "request-id");
      heard.push([status, json, told]);
    }
    expect(heard[0]?.[0]).toBe(202);
    expect(heard).toEqual([heard[0], heard[0], heard[0]]);
    await mailTo(w, email, { template: "account-exists" });
    await mailTo(w, "unknown@example.org", { template: "verification" });
  });

  test("fifty sign-ups with one address at once make one account, and hear the same", async () => {
    const w = await strict();
    const { cookie } = await w.architect();
    const heard = await Promise.all(
      Array.from({ length: 50 }, () => signUp(w, "crowd@example.org")),
    );
    const statuses = heard.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([202, 429]));
    const [head] = await w.heads();
    const users = await w.ask("GET", `/v1/users?at_least=${head}`, { cookie });
    expect(users.json.items).toHaveLength(2);
  });

  test("nobody signs in before the proof, nor learns that there was no account", async () => {
    const w = await strict();
    const email = "early@example.org";
    const token = await enrolled(w, email);
    expect(said(await signIn(w, email, "not the password"))).toEqual([401, "invalid_credentials"]);
    const after = (await mailbox(w)).map(({ id }) => id);
    expect(said(await signIn(w, email))).toEqual([401, "invalid_credentials"]);
    await mailTo(w, email, { template: "verification", after });
    expect((await verify(w, token, { password: PASSWORD })).status).toBe(200);
    expect((await signIn(w, email)).status).toBe(200);
  });

  test("a guest's own session does not tell, and becomes the person's at the sign-in", async () => {
    const w = await strict();
    const email = "visitor@example.org";
    const guest = await w.ask("POST", "/v1/guest");
    const token = await enrolled(w, email, guest.cookie);
    const me = await w.ask("GET", "/v1/me", { cookie: guest.cookie });
    expect(me.json.user).toEqual(guest.json.user);
    await verify(w, token, { cookie: guest.cookie, password: PASSWORD });
    const heard = await signIn(w, email, PASSWORD, guest.cookie);
    expect(heard.status).toBe(200);
    const { cookie } = await w.architect();
    const old = await w.ask("GET", `/v1/users/${guest.json.user.id}`, { cookie });
    expect(old.json.user.mergedInto).toBe(heard.json.user.id);
  });

  test("without mail nobody could prove an address, so nobody signs up", async () => {
    const w = await fresh({ verifyEmail: "before-sign-in", mail: "closed" });
    expect(said(await signUp(w, "shut@example.org"))).toEqual([409, "mail_closed"]);
  });

  test.each(["never", "before-tokens"] as const)(
    "with %s an address that is not proved signs in",
    async (verifyEmail) => {
      const w = await fresh({ verifyEmail });
      const { email } = await w.person("trusted");
      expect((await signIn(w, email)).json.user.emailVerified).toBe(false);
    },
  );
}
