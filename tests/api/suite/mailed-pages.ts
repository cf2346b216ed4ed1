import { expect, test } from "vitest";
import { pages } from "../../../api/pages/pages.ts";
import { routes } from "../../../api/routes.ts";
import { mailTo } from "../../support/mailbox.ts";
import { magicLink, resetLink, tokenBy, unproved } from "../../support/mailed-links.ts";
import { browserOf } from "../pages-world.ts";
import type { Stage } from "../suite.ts";
import { FRIEND, PASSWORD } from "../world.ts";

const ELEVEN_MINUTES_MS = 11 * 60 * 1000;

export function mailedPageTests({ here: world, fresh }: Stage): void {
  const here = () => ({ w: world(), ...browserOf(world) });

  test("opening a magic link redeems nothing; its button signs in and leads on", async () => {
    const { w, look, send } = here();
    const { email } = await w.person("mailed");
    const token = await magicLink(w, email, { redirectTo: `${FRIEND}/after` });
    for (let times = 0; times < 3; times++) {
      const page = await look(`/magic-link?token=${token}`);
      expect([page.status, page.cookie]).toEqual([200, undefined]);
      const policy = page.headers.get("content-security-policy");
      expect(policy).toContain(`form-action 'self' ${FRIEND};`);
    }
    const confirm = { form: "confirm", carried: token };
    const first = await send("/magic-link", confirm);
    expect([first.status, first.to]).toEqual([303, `${FRIEND}/after`]);
    expect((await look("/account", { cookie: first.cookie })).text).toContain(email);
    const again = await send("/magic-link", confirm);
    expect(again.status).toBe(403);
    expect(again.text).toContain("This link was used already");
    expect(again.text).not.toContain('name="carried"');
    const asked = await send("/magic-link", { form: "again", email });
    expect([asked.status, asked.to]).toEqual([303, "/sign-in/sent"]);
    const slip = await send("/magic-link", { form: "again", email: "no address" });
    expect(slip.text).toMatch(/id="again-email"[^>]*aria-invalid="true"/);
    expect((await look("/magic-link")).text).toContain("This link is incomplete");
  });

  test("whose password a magic link removed is told, with a link to set one", async () => {
    const { w, look, send } = here();
    const { email } = await unproved(w, "unproved");
    const token = await magicLink(w, email);
    const done = await send("/magic-link", { form: "confirm", carried: token });
    expect(done.to).toBe("/account?done=passwordRemoved");
    const { text } = await look("/account?done=passwordRemoved", { cookie: done.cookie });
    expect(text).toMatch(/role="status">[^<]* <a href="\/account\/password">Set password<\/a>/);
  });

  test("a mail is in the reader's own language, else in that of the page or request", async () => {
    const { w, send } = here();
    const email = `karl-${crypto.randomUUID()}@example.org`;
    const signUp = { form: "sign-up", email, password: PASSWORD };
    const headers = { "accept-language": "fr;q=0.5, es" };
    const { cookie } = await send("/sign-up?lang=de", signUp, { headers });
    const language = async (template: "verification" | "magic-link") =>
      (await mailTo(w, email, { template })).language;
    expect(await language("verification")).toBe("de");
    await magicLink(w, email, { headers });
    expect(await language("magic-link")).toBe("es");
    await w.ask("PATCH", "/v1/me", { cookie, body: { locale: "zh-Hans" } });
    await magicLink(w, email, { headers });
    expect(await language("magic-link")).toBe("zh");
  });

  test.each([
    ["/reset-password", "complete", "Send me a new link"],
    ["/verify-email", "confirm", "Sign in to get a new link"],
    ["/appoint", "confirm", "Ask whoever operates this server"],
  ])("a link that opens nothing leads on from %s", async (path, form, wayOn) => {
    const token = { form, carried: "A".repeat(43), password: "a better passphrase" };
    const { status, text } = await here().send(path, token);
    expect(status).toBe(403);
    expect(text).toContain(wayOn);
    expect(text).not.toContain(token.carried);
  });

  test("the page of an invitation knows the address, which cannot be changed there", async () => {
    const w = await fresh({ signUp: "invited" });
    const { look } = browserOf(() => w);
    const { cookie } = await w.architect();
    const email = "invited@example.org";
    const token = await tokenBy(w, { email, template: "invitation" }, () =>
      w.ask("POST", "/v1/invitations", { cookie, body: { email } }),
    );
    const before = await w.heads();
    const { text } = await look(`/sign-up?invitation=${token}`);
    expect(text).toMatch(/id="sign-up-email"[^>]*value="invited@example.org"[^>]*readonly/);
    expect(await w.heads()).toEqual(before);
    const over = await look(`/sign-up?invitation=${"A".repeat(43)}`);
    expect(over.text).toContain("This invitation is not open");
  });

  test("a link is asked for by the other button, and what it answers tells nothing", async () => {
    const { w, send } = here();
    const { email } = await w.person("asking");
    for (const identifier of [email, "nobody@example.org"]) {
      const { status, to } = await send("/sign-in", { form: "link", identifier });
      expect([status, to]).toEqual([303, "/sign-in/sent"]);
    }
    const slip = await send("/sign-in", { form: "link", identifier: "no address" });
    expect(slip.status).toBe(400);
    expect(slip.text).toMatch(/id="password-identifier"[^>]*aria-invalid="true"/);
    expect(slip.text).toContain('value="no address"');
  });

  test("a new password that is refused leaves the link good", async () => {
    const { w, send } = here();
    const { email } = await w.person("forgetful");
    const token = await resetLink(w, email);
    const form = { form: "complete", carried: token };
    const short = await send("/reset-password", { ...form, password: "short" });
    expect(short.status).toBe(400);
    expect(short.text).toContain(`name="carried" value="${token}"`);
    const chosen = await send("/reset-password", { ...form, password: "a better passphrase" });
    expect(chosen.to).toBe("/sign-in?done=reset");
    const signIn = { form: "password", identifier: email, password: "a better passphrase" };
    expect((await send("/sign-in", signIn)).to).toBe("/account");
  });

  test("the same form asks for a fresh proof and keeps what was typed", async () => {
    const w = await fresh();
    const { send } = browserOf(() => w);
    const { cookie } = await w.person("stale");
    w.forward(ELEVEN_MINUTES_MS);
    const form = { form: "username", username: "ada.lovelace" };
    const asked = await send("/account/username", form, { cookie });
    expect(asked.status).toBe(403);
    expect(asked.text).toContain('value="ada.lovelace"');
    expect(asked.text).toMatch(/<input id="username-confirmation"[^>]*type="password"/);
    const wrong = { ...form, confirmation: "not the password" };
    const refused = await send("/account/username", wrong, { cookie });
    expect(refused.status).toBe(403);
    expect(refused.text).toMatch(/id="username-confirmation"[^>]*aria-invalid="true"/);
    expect(refused.text).not.toContain("not the password");
  });

  test("a proof exchanges the cookie and runs the form with the new one", async () => {
    const { w, send } = here();
    const { cookie } = await w.person("fresh");
    const form = { form: "username", username: "ada.lovelace", confirmation: PASSWORD };
    const done = await send("/account/username", form, { cookie });
    expect([done.status, done.to]).toEqual([303, "/account/username?done=username"]);
    expect((await w.ask("GET", "/v1/session", { cookie })).status).toBe(401);
    const session = await w.ask("GET", "/v1/session", { cookie: done.cookie });
    expect(session.json.user.username).toBe("ada.lovelace");
  });

  test("whoever is not seen to be the person of the link may bring the password", async () => {
    const w = await fresh({ verifyEmail: "before-sign-in" });
    const { look, send } = browserOf(() => w);
    const guest = await w.ask("POST", "/v1/guest");
    const email = "guest@example.org";
    const token = await tokenBy(w, { email, template: "verification" }, () =>
      w.ask("POST", "/v1/sign-up", { cookie: guest.cookie, body: { email, password: PASSWORD } }),
    );
    const page = await look(`/verify-email?token=${token}`, { cookie: guest.cookie });
    expect(page.text).toContain('name="password"');
    const form = { form: "confirm", carried: token, password: PASSWORD };
    const done = await send("/verify-email", form, { cookie: guest.cookie });
    expect(done.to).toBe("/sign-in?done=verified");
    const body = { identifier: email, password: PASSWORD };
    const proved = await w.ask("POST", "/v1/sign-in", { body });
    expect(proved.status).toBe(200);
    const other = await look("/verify-email?token=x", { cookie: proved.cookie });
    expect(other.text).toContain('name="password"');
    const own = await unproved(world(), "own");
    const theirs = await here().look(`/verify-email?token=${own.token}`, { cookie: own.cookie });
    expect(theirs.text).not.toContain('name="password"');
  });

  test("a form that is refused after its proof is shown with the new session", async () => {
    const w = await fresh();
    const { send } = browserOf(() => w);
    const { cookie } = await w.architect();
    const { id } = await w.person("shown");
    const form = { form: "roles", "role.nobody": "on", confirmation: PASSWORD };
    const refused = await send(`/admin/users/${id}`, form, { cookie });
    expect(refused.status).toBe(400);
    expect(refused.cookie).toBeDefined();
    expect(refused.text).toContain('value="roles"');
  });

  test("every form of a page has its route", () => {
    const known = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    for (const { path, forms = {} } of pages) {
      for (const { route } of Object.values(forms)) {
        expect(known, path).toContain(typeof route === "function" ? route({}) : route);
      }
    }
    expect(pages.length).toBeGreaterThan(30);
  });
}
