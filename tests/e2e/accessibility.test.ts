import { expect } from "vitest";
import { SETUP_TOKEN } from "../support/faults-server.ts";
import { launch, onChromium, pageOf } from "./chromium.ts";
import { COLOURS, judge, measure } from "./judge.ts";
import { startPages } from "./pages-server.ts";

const TIMEOUT_MS = 300_000;
const PASSWORD = "correct horse battery";
const LONG = "Katharina Oberhollenzer-Mitterrutzner von und zu Hohenstaufen-Schwarzenberg";
const LONG_ADDRESS = "katharina.oberhollenzer-mitterrutzner@lange-namen-gesellschaft.example";

const doors = [
  "/sign-in?redirectTo=/account",
  "/sign-in/sent",
  "/sign-up",
  "/reset-password",
  "/reset-password?token=x",
  "/magic-link?token=x",
  "/magic-link",
  "/verify-email?token=x",
  "/appoint?token=x",
  "/nothing-here",
];
const rooms = [
  "/sign-out",
  "/account",
  "/account/profile",
  "/account/email",
  "/account/email/confirm?token=x",
  "/account/username",
  "/account/password",
  "/account/accounts",
  "/account/sessions",
  "/account/consents",
  "/account/history",
  "/account/export",
  "/account/delete",
  "/admin",
  "/admin/users",
  "/admin/users/new",
  "/admin/invitations",
  "/admin/roles",
  "/admin/architects",
  "/admin/guests",
  "/admin/mail",
  "/admin/clients",
  "/admin/clients/new",
  "/admin/resource-servers",
  "/admin/providers",
  "/admin/keys",
  "/admin/ledger",
  "/admin/ledger/2",
];

onChromium(
  "axe-core finds nothing on any page, light and dark, narrow and wide; nothing scrolls sideways",
  async () => {
    const base = await startPages();
    const browser = await launch();
    const first = await pageOf(browser);
    await first.goto(`${base}/setup`);
    await judge(first);
    await first.getByLabel("Set-up token").fill(SETUP_TOKEN);
    await first.getByLabel("Your e-mail address").fill("ada@example.org");
    await first.getByLabel("Password").fill(PASSWORD);
    await first.getByRole("button").click();
    await first.goto(`${base}/account/profile`);
    await first.getByLabel("Name").fill(LONG);
    await first.getByRole("button", { name: "Save" }).click();
    await first.goto(`${base}/admin/users/new`);
    await first.locator("#create-name").fill(LONG.split(" ").toReversed().join(" "));
    await first.locator("#create-email").fill(LONG_ADDRESS);
    await first.getByRole("button", { name: "Create user" }).click();
    const somebody = new URL(first.url()).pathname;
    const storageState = await first.context().storageState();

    for (const colorScheme of ["light", "dark"] as const) {
      const rules = colorScheme === "dark" ? COLOURS : [];
      for (const width of [360, 1280]) {
        const viewport = { width, height: 800 };
        const stranger = await pageOf(browser, { colorScheme, viewport });
        for (const path of doors) {
          await stranger.goto(base + path);
          await judge(stranger, rules);
        }
        await stranger.goto(`${base}/sign-up`);
        await stranger.getByLabel("E-mail address").fill("nothing");
        await stranger.getByRole("button", { name: "Create account" }).click();
        await judge(stranger, rules);
        await stranger.context().close();

        const owner = await pageOf(browser, { colorScheme, viewport, storageState });
        for (const path of rooms) {
          const heard = await owner.goto(base + path);
          expect(heard?.status(), path).toBe(200);
          await judge(owner, rules);
        }
        await owner.goto(base + somebody);
        await judge(owner, rules);
        for (const lang of colorScheme === "dark" ? [] : ["de", "ru"]) {
          for (const path of ["/account", "/account/email", "/admin/ledger", "/admin/users/new"]) {
            await owner.goto(`${base}${path}?lang=${lang}`);
            await measure(owner);
          }
        }
        await owner.context().close();
      }
    }
  },
  TIMEOUT_MS,
);
