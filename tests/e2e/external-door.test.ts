import type { Page } from "playwright-core";
import { expect } from "vitest";
import { visitor } from "../../ops/tour/visitor.ts";
import { SETUP_TOKEN } from "../support/faults-server.ts";
import { until } from "../support/until.ts";
import { launch, onChromium, pageOf } from "./chromium.ts";
import { freePort, startPages } from "./pages-server.ts";

/** Two servers and a browser, on a machine that does other things too. */
const JOURNEY_MS = 180_000;
const PASSWORD = "correct horse battery";
const ADA = "ada@example.org";
const HOUSE = "The other house";

/** A second Authledger, at which Ada has an account and the first one is an application. */
async function otherHouse(redirectUri: string) {
  const base = await startPages({ host: "127.0.0.1" });
  const [owner, ada] = [visitor(base), visitor(base)];
  const owned = { token: SETUP_TOKEN, email: "owner@example.org", password: PASSWORD };
  expect((await owner.send("POST", "/v1/setup", owned)).status).toBe(201);
  const person = { email: ADA, password: PASSWORD, name: "Ada Lovelace" };
  expect((await ada.send("POST", "/v1/sign-up", person)).status).toBe(201);
  let token = "";
  await until(async () => {
    const { body } = await owner.send("GET", "/dev/mail");
    const items = (body["items"] ?? []) as ReadonlyArray<{ to: string; link: string }>;
    const link = items.find(({ to }) => to === ADA)?.link;
    token = (link && new URL(link).searchParams.get("token")) ?? "";
    return token !== "";
  });
  expect((await ada.send("POST", "/v1/email/verify", { token })).status).toBe(200);
  const app = { name: "The first house", type: "web", redirectUris: [redirectUri] };
  const registered = await owner.send("POST", "/v1/clients", app);
  expect(registered.status).toBe(201);
  const { clientId, clientSecret } = registered.body as Record<string, string>;
  return { base, clientId: String(clientId), clientSecret: String(clientSecret) };
}

const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();
const path = (page: Page) => page.url().replace(/^https?:\/\/[^/]+/, "");
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const follow = (page: Page, name: string) => page.getByRole("link", { name, exact: true }).click();

onChromium(
  "a second Authledger is the way in: set-up, sign-in, linking and unlinking, no script",
  async () => {
    const port = await freePort();
    const here = `http://localhost:${port}`;
    const other = await otherHouse(`${here}/v1/providers/other/callback`);
    await startPages({
      port,
      environment: {
        AUTHLEDGER_OUTBOUND_ALLOW: "127.0.0.1/32",
        AUTHLEDGER_SIGNUP: "closed",
        AUTHLEDGER_OIDC_OTHER_ISSUER: other.base,
        AUTHLEDGER_OIDC_OTHER_CLIENT_ID: other.clientId,
        AUTHLEDGER_OIDC_OTHER_CLIENT_SECRET: other.clientSecret,
        AUTHLEDGER_OIDC_OTHER_NAME: HOUSE,
      },
    });
    const page = await pageOf(await launch(), { javaScriptEnabled: false });

    // Whoever holds the token becomes the architect by the account that they have elsewhere.
    await page.goto(here);
    expect(path(page)).toBe("/setup");
    await page.locator("#provider-token").fill(SETUP_TOKEN);
    await press(page, `Continue with ${HOUSE}`);
    await page.waitForURL(`${other.base}/sign-in**`);
    await page.getByLabel("E-mail or username").fill(ADA);
    await page.getByLabel("Password").fill(PASSWORD);
    await press(page, "Sign in");
    expect(await heading(page)).toContain("The first house");
    await press(page, "Allow");
    await page.waitForURL(`${here}/account**`);
    expect(await page.getByRole("status").textContent()).toContain("architect");
    expect(await heading(page)).toBe("Hello, Ada Lovelace");
    await follow(page, "Administration");
    await page.getByRole("main").getByRole("link", { name: "Providers" }).click();
    expect(await page.getByText("from the environment").count()).toBe(1);

    // The same account lets them in again; who is signed in there is asked for nothing.
    await page.goto(`${here}/sign-out`);
    await press(page, "Sign out");
    await page.goto(`${here}/sign-in?redirectTo=%2Faccount%2Faccounts`);
    await follow(page, `Continue with ${HOUSE}`);
    await page.waitForURL(`${here}/account/accounts`);
    expect(await page.getByText(HOUSE, { exact: true }).count()).toBe(1);

    // A link in a mail would let them back in, so the account can go, and come again.
    await press(page, "Unlink");
    expect(await page.getByRole("status").textContent()).toContain("unlinked");
    await press(page, `Link ${HOUSE}`);
    await page.waitForURL(`${here}/account/accounts?done=accountLinked**`);
    expect(await page.getByRole("status").textContent()).toContain("linked");
    expect(await page.getByText(HOUSE, { exact: true }).count()).toBe(1);
  },
  JOURNEY_MS,
);
