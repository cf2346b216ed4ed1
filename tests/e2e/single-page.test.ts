import type { Page } from "playwright-core";
import { expect } from "vitest";
import { architectOf, PASSWORD } from "../support/faults-architect.ts";
import { register, startSinglePage } from "./application.ts";
import { launch, onChromium, pageOf } from "./chromium.ts";
import { startPages } from "./pages-server.ts";

/** Starting a browser and a server on a machine that does other things too. */
const JOURNEY_MS = 120_000;

/** What of oidc-client-ts the page uses; it runs there, so nothing here is in its scope. */
type User = {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly profile: { readonly sub: string };
};
type Manager = {
  readonly signinRedirect: () => Promise<void>;
  readonly signinRedirectCallback: () => Promise<User>;
  readonly signinSilent: () => Promise<User | null>;
  readonly signinSilentCallback: () => Promise<void>;
};
type Settings = Readonly<Record<string, unknown>>;
type Library = {
  readonly oidc: { readonly UserManager: new (settings: Settings) => Manager };
};
type Asked = { readonly settings: Settings; readonly method: keyof Manager };

/** Calls the library in the page; answers who is signed in, or the name of what went wrong. */
const call = (page: Page, asked: Asked): Promise<User | { readonly failed: string }> =>
  page.evaluate(async ({ settings, method }) => {
    const { oidc } = globalThis as unknown as Library;
    try {
      return (await new oidc.UserManager(settings)[method]()) as User;
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) };
    }
  }, asked);

async function signIn(page: Page, base: string): Promise<void> {
  await page.waitForURL(`${base}/sign-in?**`);
  await page.getByLabel("E-mail or username").fill("architect@example.com");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

onChromium(
  "a page of another origin signs somebody in by oidc-client-ts, and renews its tokens",
  async () => {
    const base = await startPages();
    const owner = await architectOf(base);
    const [own, strange] = [await startSinglePage(), await startSinglePage()];
    const { clientId } = await register(base, owner, {
      name: "Page",
      type: "spa",
      redirectUris: [`${own}/callback`, `${own}/silent`],
      origins: [own],
    });
    const common = { authority: base, client_id: clientId, redirect_uri: `${own}/callback` };
    const offline = { ...common, scope: "openid profile offline_access", prompt: "consent" };
    const page = await pageOf(await launch());
    await page.goto(own);
    await page.evaluate((settings) => {
      const { oidc } = globalThis as unknown as Library;
      void new oidc.UserManager(settings).signinRedirect();
    }, offline);
    await signIn(page, base);
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.waitForURL(`${own}/callback?**`);
    const first = await call(page, { settings: offline, method: "signinRedirectCallback" });
    expect(first).toMatchObject({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      profile: { sub: owner.userId },
    });

    // By its refresh token, which is another one each time.
    const second = await call(page, { settings: offline, method: "signinSilent" });
    expect(second).toMatchObject({ profile: { sub: owner.userId } });
    expect((second as User).access_token).not.toBe((first as User).access_token);
    expect((second as User).refresh_token).not.toBe((first as User).refresh_token);

    // By a frame with prompt=none: another port of one host is the same site, so our cookie goes.
    const framed = { ...common, scope: "openid profile", silent_redirect_uri: `${own}/silent` };
    await page.goto(own);
    await page.evaluate(() => sessionStorage.clear());
    const silent = call(page, { settings: framed, method: "signinSilent" });
    const frame = await page.waitForEvent("framenavigated", {
      predicate: (one) => one.url().startsWith(`${own}/silent?`),
    });
    await frame.waitForLoadState();
    await frame.evaluate((settings) => {
      const { oidc } = globalThis as unknown as Library;
      return new oidc.UserManager(settings).signinSilentCallback();
    }, framed);
    expect(await silent).toMatchObject({ profile: { sub: owner.userId } });

    // A page of an origin that is not registered reads nothing of the token endpoint.
    await page.goto(strange);
    const read = await page
      .evaluate(
        async ([url, id]) => {
          const body = new URLSearchParams({ grant_type: "refresh_token", client_id: id ?? "" });
          const response = await fetch(`${url}/oauth2/token`, { method: "POST", body });
          return response.status;
        },
        [base, clientId],
      )
      .catch((error: unknown) => String(error));
    expect(read).toContain("Failed to fetch");
  },
  JOURNEY_MS,
);
