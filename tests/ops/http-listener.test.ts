import { Agent, type IncomingMessage, request } from "node:http";
import { createServer } from "node:net";
import * as Effect from "effect/Effect";
import { expect, onTestFinished, test } from "vitest";
import { httpListener } from "../../ops/http-listener.ts";
import { type Runtime, startProgram } from "./program.ts";

const start = async (runtime: Runtime) => {
  const server = startProgram(runtime, "tests/ops/http-server.ts", { written: ["0"] });
  const port = Number((await server.line())?.split(" ")[1]);
  return { server, port };
};

type Answer = { readonly status: number | undefined; readonly body: string };

const keepAlive = () => {
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return agent;
};

const get = (port: number, path: string, agent: Agent) =>
  new Promise<Answer>((resolve, reject) => {
    const answered = (response: IncomingMessage) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => resolve({ status: response.statusCode, body }));
    };
    request({ host: "127.0.0.1", port, path, agent }, answered).on("error", reject).end();
  });

test.each(["node", "deno"] as const)("on %s a stop answers what is in flight first", async (on) => {
  const { server, port } = await start(on);
  const agent = keepAlive();
  expect(await get(port, "/quick", agent)).toEqual({
    status: 200,
    body: '{"from":"127.0.0.1","body":""}',
  });
  expect(await server.line()).toBe("got /quick");
  const inFlight = get(port, "/slow", keepAlive());
  expect(await server.line()).toBe("got /slow");
  server.kill("SIGTERM");
  expect(await inFlight).toMatchObject({ status: 200 });
  expect(await server.line()).toBe("released");
  expect(await server.ended).toMatchObject({ status: 0 });
  await expect(get(port, "/after", agent)).rejects.toThrow();
});

test.each(["node", "deno"] as const)("on %s a stop waits for its deadline only", async (on) => {
  const { server, port } = await start(on);
  const inFlight = get(port, "/never", keepAlive());
  const cut = expect(inFlight).rejects.toThrow();
  expect(await server.line()).toBe("got /never");
  server.kill("SIGTERM");
  await cut;
  expect(await server.line()).toBe("released");
  expect(await server.ended).toMatchObject({ status: 0 });
});

test("a port that is taken is one clear line", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void other.close());
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const handler = () => new Response();
  const refused = Effect.scoped(httpListener({ host: "127.0.0.1", port, handler }));
  const { lines } = await Effect.runPromise(Effect.flip(refused));
  expect(lines).toEqual([`Cannot listen on 127.0.0.1:${port}: the port is taken`]);
});

test("an address of another machine is one clear line", async () => {
  const handler = () => new Response();
  const refused = Effect.scoped(httpListener({ host: "192.0.2.1", port: 0, handler }));
  const { lines } = await Effect.runPromise(Effect.flip(refused));
  expect(lines).toEqual([
    "Cannot listen on 192.0.2.1:0: the host is not an address of this machine",
  ]);
});

test("headers without an end are refused", async () => {
  const handler = () => new Response("ok");
  const asked = Effect.gen(function* () {
    const { port } = yield* httpListener({ host: "127.0.0.1", port: 0, handler });
    const headers = { "x-long": "x".repeat(20_000) };
    return yield* Effect.promise(() => fetch(`http://127.0.0.1:${port}/`, { headers }));
  });
  expect((await Effect.runPromise(Effect.scoped(asked))).status).toBe(431);
});
