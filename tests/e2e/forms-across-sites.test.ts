import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished } from "vitest";
import { memoryServices } from "../api/memory-services.ts";
import { openidWorld } from "../api/openid-world.ts";
import { PASSWORD } from "../api/world.ts";
import { launch, onChromium, pageOf } from "./chromium.ts";

const TIMEOUT_MS = 60_000;

/** An application on another site: its page asks by a form, and its callback takes one. */
async function application() {
  const asked = new Map<string, string>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    response.setHeader("content-type", "text/html");
    if (request.url === "/callback") return response.end(`<p>${request.method} ${body}</p>`);
    const { action, ...fields } = Object.fromEntries(asked);
    const inputs = Object.entries(fields).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
    );
    return response.end(
      `<form method="post" action="${action}">${inputs.join("")}<button>Go</button></form>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // To a browser this is another site than `localhost`.
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { base, asked };
}

onChromium(
  "a form of another site finds who is signed in, and the answer goes back as a form",
  async () => {
    const w = await openidWorld(memoryServices);
    onTestFinished(w.close);
    const { base, asked } = await application();
    const redirect = `${base}/callback`;
    const { clientId } = await w.web({ redirectUris: [redirect] });
    for (const [name, value] of [
      ["action", `${w.url}/oauth2/authorize`],
      ["client_id", clientId],
      ["response_type", "code"],
      ["response_mode", "form_post"],
      ["scope", "openid"],
      ["redirect_uri", redirect],
    ] as const) {
      asked.set(name, value);
    }
    const ada = await w.person("ada");
    const tab = await pageOf(await launch());
    await tab.goto(`${w.url}/sign-in`);
    await tab.locator("input[name=identifier]").fill(ada.email);
    await tab.locator("input[name=password]").fill(PASSWORD);
    await tab.keyboard.press("Enter");
    await tab.waitForURL(/\/account/);
    await tab.goto(base);
    await tab.getByRole("button", { name: "Go" }).click();
    // Signed in already: what is asked is consent.
    await tab.locator("button[value=allow]").click();
    await tab.waitForURL(redirect);
    expect(await tab.locator("p").textContent()).toMatch(/^POST code=[\w-]{43}&iss=/);
  },
  TIMEOUT_MS,
);
