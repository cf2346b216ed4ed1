import { statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CONTROL_SOCKET_FILE, controlSocketPath } from "../../ops/control-socket.ts";
import { UsageError } from "../../ops/usage-error.ts";
import { demoCli } from "./demo-cli.ts";
import { type Runtime, startProgram } from "./program.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const serverOn = async (runtime: Runtime) => {
  const folder = temporaryFolder();
  const server = startProgram(runtime, "tests/ops/control-server.ts", { written: [folder] });
  expect(await server.line()).toBe("listening");
  const beside = (written: ReadonlyArray<string>, more: Parameters<typeof demoCli>[1] = {}) => {
    const environment = { AUTHLEDGER_STORE: "pglite", AUTHLEDGER_DATA: folder };
    return demoCli(written, { ...more, environment });
  };
  return { folder, server, beside };
};

const post = (folder: string, body: string, path = "/commands") =>
  new Promise<number | undefined>((resolve, reject) => {
    const socketPath = join(folder, CONTROL_SOCKET_FILE);
    request({ socketPath, path, method: "POST" }, (response) => {
      // The server closes what it has refused; the status has been read by then.
      response.on("error", () => {});
      response.resume().on("end", () => resolve(response.statusCode));
    })
      .on("error", reject)
      .end(body);
  });

test.each(["node", "deno"] as const)("a command runs in the server on %s", async (runtime) => {
  const { server, beside } = await serverOn(runtime);
  expect(await beside(["where", "--no", "--json", "users"])).toEqual({
    status: 1,
    out: `in process ${server.pid} {"no":true,"json":true} users\n`,
    err: "json true\n",
  });
  expect(await beside(["refuse"])).toEqual({
    status: 2,
    out: "",
    err: "Cannot find position 7: the head is 3\n",
  });
  expect(await beside(["break"])).toMatchObject({
    status: 2,
    err: "Cannot finish break: a defect of the program\n",
  });
});

test("long output arrives whole and in order", async () => {
  const { beside } = await serverOn("node");
  const { status, out } = await beside(["lines", "--count", "20000"]);
  expect(status).toBe(0);
  const numbers = out
    .trimEnd()
    .split("\n")
    .map((line) => Number(line.split(" ")[1]));
  expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1));
});

test("who stops waiting stops the command in the server", async () => {
  const { server, beside } = await serverOn("node");
  const stop = new AbortController();
  const waited = beside(["wait"], { signal: stop.signal, onOut: () => stop.abort() });
  expect(await waited).toEqual({ status: 130, out: "waiting\n", err: "" });
  server.kill("SIGTERM");
  expect(await server.line()).toBe("stopped");
});

test("a server that dies in the middle is one line and status 2", async () => {
  const { server, beside } = await serverOn("node");
  const waited = beside(["wait"], { onOut: () => server.kill("SIGKILL") });
  expect(await waited).toEqual({
    status: 2,
    out: "waiting\n",
    err: "Cannot finish wait: the server went away\n",
  });
});

test("a command that still runs at a stop ends with a line", async () => {
  const { server, beside } = await serverOn("node");
  const waited = beside(["wait"], { onOut: () => server.kill("SIGTERM") });
  const { status, err } = await waited;
  expect(status).toBe(2);
  expect(err).toMatch(/^Cannot finish wait: [^\n]+\n$/);
  expect(await server.line()).toBe("stopped");
});

test("the socket that a killed server left is nobody, and the next server takes it", async () => {
  const { folder, server, beside } = await serverOn("node");
  server.kill("SIGKILL");
  await server.ended;
  expect(await beside(["where"])).toMatchObject({ status: 0, out: "here {} \n" });
  const next = startProgram("deno", "tests/ops/control-server.ts", { written: [folder] });
  expect(await next.line()).toBe("listening");
  expect((await beside(["where"])).out).toBe(`in process ${next.pid} {} \n`);
});

test("the socket is the owner's alone and takes nothing but commands", async () => {
  const { folder } = await serverOn("node");
  expect(statSync(join(folder, CONTROL_SOCKET_FILE)).mode & 0o777).toBe(0o600);
  expect(await post(folder, "no json")).toBe(400);
  expect(await post(folder, '{"command":"where","args":[],"json":false,"more":1}')).toBe(400);
  expect(await post(folder, "{}", "/other")).toBe(404);
});

test("a path too long for a socket is one clear line", () => {
  const folder = `/${"long/".repeat(30)}`;
  const path = controlSocketPath(folder);
  expect(path).toBeInstanceOf(UsageError);
  expect(path instanceof UsageError && path.lines).toEqual([
    `Cannot use folder ${folder}: its control socket needs 163 bytes, a socket's path holds 100`,
  ]);
});
