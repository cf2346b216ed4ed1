import { expect, test } from "vitest";
import { pages } from "../../../api/pages/pages.ts";
import { routes } from "../../../api/routes.ts";
import { magicLink, resetLink } from "../../support/mailed-links.ts";
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
    expect((await look("/magic-link")).text).toContain("This link is incomplete");
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

  test("every page has the routes that it and its forms need", () => {
    const known = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    for (const { path, needs = [], forms = {} } of pages) {
      for (const need of needs) expect(known, path).toContain(need);
      for (const { route } of Object.values(forms)) {
        expect(known, path).toContain(typeof route === "function" ? route({}) : route);
      }
    }
    expect(pages.length).toBeGreaterThan(30);
  });
}
