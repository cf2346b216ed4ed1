import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { architectOf } from "../support/faults-architect.ts";
import { ask } from "../support/faults-client.ts";
import { startServer } from "../support/faults-server.ts";
import { onNginx, startNginx } from "../support/nginx.ts";
import { echo, say } from "../support/websocket.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const TIMEOUT_MS = 60_000;

/** An application that answers which of our headers it was told, and takes WebSockets. */
const startApplication = async () => {
  const seen: Array<IncomingHttpHeaders> = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.end(JSON.stringify(request.headers));
  });
  server.on("upgrade", (request, socket) => {
    seen.push(request.headers);
    echo(request, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, seen };
};

test("the README shows the nginx configuration that is tested here", () => {
  const example = readFileSync(join(root, "ops", "examples", "nginx.conf"), "utf8");
  expect(readFileSync(join(root, "README.md"), "utf8")).toContain(`\`\`\`nginx\n${example}\`\`\``);
});

test("behind nginx an application is open to whoever is signed in, and told who they are", {
  ...onNginx,
  timeout: TIMEOUT_MS,
}, async () => {
  const data = mkdtempSync(join(tmpdir(), "authledger-e2e-"));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const { base } = await startServer({ data });
  const application = await startApplication();
  const nginx = await startNginx({
    authledger: Number(new URL(base).port),
    application: application.port,
  });
  const architect = await architectOf(base);
  const signUp = { email: "bob@example.com", password: "a long password of bob" };
  const bob = await ask(base, "POST /v1/sign-up", { body: signUp });
  const { cookie } = bob;
  const forged = {
    "authledger-user": architect.userId,
    "Authledger-Roles": "architect",
    "authledger-session": "forged",
    authledger_user: architect.userId,
  };
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${nginx.base}${path}`, { headers, redirect: "manual" });
    const text = await response.text();
    return {
      status: response.status,
      text,
      told: response.status === 200 ? JSON.parse(text) : undefined,
    };
  };

  expect((await get("/orders")).status).toBe(401);
  expect((await get("/orders", forged)).status).toBe(401);
  expect(application.seen).toEqual([]);

  const passed = await get("/orders", { cookie, ...forged });
  expect(passed.status).toBe(200);
  expect(passed.told).toMatchObject({
    "authledger-user": bob.body.user.id,
    "authledger-roles": "user",
    "authledger-session": expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(passed.text).not.toContain(architect.userId);
  expect(passed.text).not.toContain("forged");
  // Who posts is asked for as well, and the body goes to the application alone.
  const post = await fetch(`${nginx.base}/orders`, {
    method: "POST",
    headers: { cookie },
    body: "x",
  });
  expect(post.status).toBe(200);

  expect((await get("/staff/desk", { cookie, ...forged })).status).toBe(403);
  expect((await get("/staff/desk", { cookie: architect.cookie })).told).toMatchObject({
    "authledger-roles": "architect",
  });
  const manager = `POST /v1/users/${bob.body.user.id}/roles/manager` as const;
  expect((await ask(base, manager, { cookie: architect.cookie })).status).toBe(200);
  expect((await get("/staff/desk", { cookie })).status).toBe(200);
  // What nginx asks us is not for anybody else to ask there.
  expect((await get("/authledger/anybody", { cookie })).status).toBe(404);

  const before = application.seen.length;
  expect(await say(nginx.port, "hello", forged)).toEqual({ status: 401, heard: undefined });
  expect(application.seen).toHaveLength(before);
  expect(await say(nginx.port, "hello", { cookie, ...forged })).toEqual({
    status: 101,
    heard: "hello",
  });
  expect(application.seen.at(-1)).toMatchObject({ "authledger-user": bob.body.user.id });

  expect((await ask(base, "POST /v1/sign-out", { cookie })).status).toBe(204);
  expect((await get("/orders", { cookie })).status).toBe(401);
  expect((await say(nginx.port, "hello", { cookie })).status).toBe(401);
});
