import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { certificate } from "../../support/secure-server.ts";

type Received = { readonly method: string | undefined; readonly url: string | undefined } & Pick<
  IncomingMessage,
  "headers"
> & { readonly body: string };

/** What the servers were asked, until a test empties it. */
export const received: Array<Received> = [];
const servers: Array<Server> = [];

/** Each path answers in a way of its own. */
async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = "";
  for await (const chunk of incoming) body += chunk;
  received.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
  const { pathname } = new URL(incoming.url ?? "", "http://here");
  if (pathname === "/hang") return;
  if (/^\/3\d\d$/.test(pathname)) {
    response.writeHead(Number(pathname.slice(1)), { location: "/elsewhere" }).end();
  } else if (pathname === "/large") {
    response.end("x".repeat(Number(incoming.headers["x-bytes"])));
  } else if (pathname === "/endless") {
    const more = () => response.write("x".repeat(64 * 1024)) && setImmediate(more);
    response.on("drain", more);
    more();
  } else if (pathname === "/headers") {
    for (let at = 0; at < 20; at++) response.setHeader(`x-${at}`, "x".repeat(1_000));
    response.end();
  } else if (pathname === "/cut") {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.destroy());
  } else if (pathname === "/slowly") {
    response.writeHead(200);
    const drip = setInterval(() => response.write("."), 20);
    response.on("close", () => clearInterval(drip));
  } else if (/^\/[245]\d\d$/.test(pathname)) {
    response.writeHead(Number(pathname.slice(1)), { "x-two": ["a", "b"] }).end();
  } else response.setHeader("content-type", "text/plain").end("hello");
}

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

export const ports = { http: 0, https: 0, silent: 0, closed: 0 };
/** Bytes and connections that nobody may make: every test of a refusal looks at it. */
export const touched = { connections: 0, bytes: 0 };

export async function startServers() {
  ports.http = await listening(createServer(answer));
  ports.silent = await listening(
    createTcpServer((socket) => {
      touched.connections++;
      socket.on("data", (data) => {
        touched.bytes += data.length;
      });
      socket.on("error", () => {});
    }),
  );
  if (certificate !== undefined) {
    ports.https = await listening(createSecureServer(certificate, answer));
  }
  const closing = createTcpServer();
  ports.closed = await listening(closing);
  await new Promise((resolve) => closing.close(resolve));
}

export function stopServers() {
  for (const server of servers) {
    (server as { closeAllConnections?: () => void }).closeAllConnections?.();
    server.close();
  }
}

/** Connections that somebody still has to the plain server. */
export function openConnections(): Promise<number> {
  return new Promise((resolve, reject) => {
    servers[0]?.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
