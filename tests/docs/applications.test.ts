import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { memoryServices } from "../api/memory-services.ts";
import { Browser, pageOf } from "../api/openid/browser.ts";
import { post, throughPages } from "../api/openid/flow.ts";
import { type OpenidWorld, openidWorld } from "../api/openid-world.ts";
import { PASSWORD } from "../api/world.ts";
import { across } from "../clients/across.ts";
import { launch, onChromium, pageOf as tabOf } from "../e2e/chromium.ts";
import { eventually } from "../support/faults-eventually.ts";
import { freePort, isOpen } from "../support/nginx.ts";
import { pageBlocks, runProgram } from "./application-pages.ts";

const TIMEOUT_MS = 60_000;
const packages = fileURLToPath(new URL("../../node_modules", import.meta.url));

let w: OpenidWorld;
beforeAll(async () => {
  w = await openidWorld(memoryServices);
});
afterAll(() => w.close());

/** What a page says, with places of this test in it. */
const pageAt = async (name: string) => {
  const port = await freePort();
  const application = `http://localhost:${port}`;
  return { port, application, ...pageBlocks(name, { authledger: w.url, application }) };
};

/** Registers what the page registers; answers what its program is told. */
const registered = async (path: string, body: unknown): Promise<Record<string, string>> => {
  const heard = await w.ask("POST", path, { cookie: w.owner.cookie, body });
  expect(heard.status, JSON.stringify(heard.json)).toBe(201);
  const { clientId = "", clientSecret = "" } = heard.json;
  return { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
};

const listening = (port: number, program: ReturnType<typeof runProgram>) =>
  eventually("the program listens", async () => {
    if (!program.alive()) throw new Error(program.written());
    return (await isOpen(port)) ? true : undefined;
  });

test("a web application with a server signs somebody in and out", async () => {
  const { port, application, bodies, programs } = await pageAt("server-web-app");
  await listening(port, runProgram(programs[0] ?? "", await registered("/v1/clients", bodies[0])));
  const ada = await w.person("ada");
  const browser = across(w.url, application);
  expect(pageOf(await browser.open(application)).html).toBe("Who are you?");
  const signIn = pageOf(await browser.open(`${application}/sign-in`));
  const typed = { form: "password", identifier: ada.email, password: PASSWORD };
  const consent = pageOf(await browser.submit(signIn, typed));
  const known = pageOf(await browser.submit(consent, { form: "allow" }));
  expect(known.html).toBe(`You are ${ada.id}`);
  const question = pageOf(await browser.open(`${application}/sign-out`));
  const left = pageOf(await browser.submit(question, { logout: "yes" }));
  expect(left).toMatchObject({ url: `${application}/`, html: "Who are you?" });
  const forged = pageOf(await browser.open(`${application}/callback?code=x&state=y`));
  expect(forged.html).not.toContain("You are");
});

test("a native application hears the answer on the machine's own address", async () => {
  const { bodies, programs } = await pageAt("native-app");
  const program = runProgram(programs[0] ?? "", await registered("/v1/clients", bodies[0]));
  const url = await eventually("the program says what to open", () => {
    if (!program.alive()) throw new Error(program.written());
    return /Open (\S+)\s/.exec(program.written())?.[1];
  });
  const ada = await w.person("ada");
  const browser = new Browser(w.url, ada.cookie);
  const answer = await throughPages(browser, await browser.open(url));
  expect(await (await fetch(answer)).text()).toContain("You may close this window");
  expect(await program.ended, program.written()).toBe(0);
  expect(program.written()).toContain(`You are ${ada.id}\na new refresh token\n`);
});

test("a machine calls an API, which verifies by itself who it is", async () => {
  const { port, application, bodies, programs } = await pageAt("machine");
  await registered("/v1/resource-servers", bodies[0]);
  const machine = await registered("/v1/clients", bodies[1]);
  const [job = "", api = ""] = programs;
  await listening(port, runProgram(api));
  const program = runProgram(job, machine);
  expect(await program.ended, program.written()).toBe(0);
  expect(program.written()).toBe(`200 orders for ${machine["CLIENT_ID"]}\n`);
  expect((await fetch(`${application}/orders`)).status).toBe(401);
  const authorization = `Bearer ${await otherToken()}`;
  expect((await fetch(`${application}/orders`, { headers: { authorization } })).status).toBe(401);
});

/** A token of the same server that is for another API. */
const otherToken = async () => {
  const [app, resource] = [await w.machine(), await w.orders()];
  const grant = { grant_type: "client_credentials", resource };
  return (await post(w, "/oauth2/token", { app, ...grant })).json.access_token;
};

/** A site with one page, and the packages that it imports as a bundler would have put them in. */
const serve = async (port: number, script: string) => {
  const files: Record<string, string> = {
    "/oidc-client-ts.js": join(packages, "oidc-client-ts/dist/esm/oidc-client-ts.js"),
    "/jwt-decode.js": join(packages, "jwt-decode/build/esm/index.js"),
  };
  const imports = { "oidc-client-ts": "/oidc-client-ts.js", "jwt-decode": "/jwt-decode.js" };
  const html = `<!doctype html><title>Notes</title><body>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">${script}</script>`;
  const server = createServer((request, response) => {
    const file = files[(request.url ?? "").split("?", 1)[0] ?? ""];
    response.setHeader("content-type", file === undefined ? "text/html" : "text/javascript");
    response.end(file === undefined ? html : readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
};

onChromium(
  "a single-page application signs somebody in and out in a browser",
  async () => {
    const { port, application, bodies, scripts } = await pageAt("single-page-app");
    const { CLIENT_ID = "" } = await registered("/v1/clients", bodies[0]);
    await serve(port, (scripts[0] ?? "").replace("CLIENT_ID", CLIENT_ID));
    const ada = await w.person("ada");
    const tab = await tabOf(await launch());
    await tab.goto(application);
    await tab.getByRole("button", { name: "Sign in" }).click();
    await tab.locator("input[name=identifier]").fill(ada.email);
    await tab.locator("input[name=password]").fill(PASSWORD);
    await tab.keyboard.press("Enter");
    await tab.locator("button[value=allow]").click();
    await tab.getByText(`You are ${ada.id}`).waitFor();
    expect(tab.url()).toBe(`${application}/`);
    await tab.getByRole("button", { name: "Sign out" }).click();
    await tab.locator("button[name=logout]").click();
    await tab.getByText("Who are you?").waitFor();
    expect(tab.url()).toBe(`${application}/`);
  },
  TIMEOUT_MS,
);
