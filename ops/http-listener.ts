import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
import type { OpenidProvider } from "../adapters/oidc-provider/paths.ts";
import { type UsageError, usageError } from "./usage-error.ts";

/** A slow client may take this long for its headers, then it is dropped (slow-loris). */
const HEADERS_TIMEOUT_MS = 15_000;
/** How often slow connections are looked for: left to itself, Node looks every 30 s. */
const CHECK_INTERVAL_MS = 5_000;
/** For a whole request; the largest body we take fits through a slow line. */
const REQUEST_TIMEOUT_MS = 60_000;
/** Longer than the 60 s of usual proxies, so that they close first and never hit a closed one. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** A session cookie, a bearer token and what a browser sends; Node's own default. */
const HEADER_BYTES_MAX = 16_384;
/** What is in flight at a stop gets this long; orchestrators kill after 30 s. */
const STOP_DEADLINE_MS = 10_000;

/** What the listener knows of a request that the request itself does not say. */
export type Received = {
  /** Of the socket: a proxy's, where one stands before us. */
  readonly remoteAddress: string | undefined;
  /** Aborts when the server stops: a stream without an end should end then. */
  readonly stopping: AbortSignal;
};

/** The whole server as one function. */
export type FetchHandler = (request: Request, received: Received) => Response | Promise<Response>;

/** Where to listen, and for whom. Shape: port 0 takes a free one. */
export type ListenOptions = {
  readonly host: string;
  readonly port: number;
  readonly handler: FetchHandler;
  /** Takes its own paths before the handler sees them. */
  readonly protocol?: OpenidProvider | undefined;
  readonly stopDeadlineMs?: number;
  /** Nothing but this server runs here: its `Response` may take the place of the global one. */
  readonly ownProcess?: true;
};

/**
 * Listens until the scope closes; answers the port.
 *
 * Order: at the end no connection is accepted any more, what is in flight is answered (within the
 * deadline), idle connections are closed, and only then the scope goes on.
 * Errors: the port is taken or not ours to take.
 */
export const httpListener = (
  options: ListenOptions,
): Effect.Effect<{ readonly port: number }, UsageError, Scope.Scope> =>
  Effect.gen(function* () {
    const stopping = new AbortController();
    const server = createServer(
      {
        headersTimeout: HEADERS_TIMEOUT_MS,
        connectionsCheckingInterval: CHECK_INTERVAL_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
        maxHeaderSize: HEADER_BYTES_MAX,
      },
      closingWhenStopped(
        switching(
          options.protocol,
          nodeListener(options.handler, stopping.signal, options.ownProcess === true),
        ),
        stopping.signal,
      ),
    );
    yield* Effect.acquireRelease(listen(server, options), () => {
      stopping.abort();
      return stop(server, options.stopDeadlineMs ?? STOP_DEADLINE_MS);
    });
    return { port: (server.address() as AddressInfo).port };
  });

/**
 * The handler as a listener of node:http. With `overrideGlobalObjects` the process's `Request` and
 * `Response` become light ones that are written without a stream: not in somebody else's process.
 */
export const nodeListener = (
  handler: FetchHandler,
  stopping: AbortSignal,
  overrideGlobalObjects = false,
): RequestListener => {
  const listener = getRequestListener(
    (request, { incoming }) =>
      handler(request, { remoteAddress: incoming.socket.remoteAddress, stopping }),
    { overrideGlobalObjects },
  );
  return (request, response) => void listener(request, response);
};

/** The protocol's paths to its own listener, all others to the API. */
export const switching = (
  protocol: OpenidProvider | undefined,
  api: RequestListener,
): RequestListener => {
  if (protocol === undefined) return api;
  return (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    if (!protocol.handles(path)) return api(request, response);
    void protocol.listener(request, response);
  };
};

/** During a stop each answer tells its client that the connection ends with it. */
const closingWhenStopped = (listener: RequestListener, stopping: AbortSignal): RequestListener => {
  const open = new Set<ServerResponse<IncomingMessage>>();
  const close = (response: ServerResponse<IncomingMessage>) => {
    if (!response.headersSent) response.setHeader("connection", "close");
  };
  stopping.addEventListener("abort", () => open.forEach(close), { once: true });
  return (request, response) => {
    if (stopping.aborted) close(response);
    open.add(response);
    response.on("close", () => open.delete(response));
    listener(request, response);
  };
};

const listen = (server: Server, { host, port }: ListenOptions): Effect.Effect<void, UsageError> =>
  Effect.callback((resume) => {
    server.once("error", (cause) => {
      const code = "code" in cause ? String(cause.code) : "unknown cause";
      resume(Effect.fail(usageError(`Cannot listen on ${host}:${port}: ${whyNot(code)}`)));
    });
    server.listen({ host, port }, () => resume(Effect.void));
  });

const whyNot = (code: string): string => {
  switch (code) {
    case "EADDRINUSE":
      return "the port is taken";
    case "EACCES":
      return "the port needs privileges that this process lacks";
    case "EADDRNOTAVAIL":
    case "EINVAL":
    case "ENOTFOUND":
      return "the host is not an address of this machine";
    default:
      return code;
  }
};

const stop = (server: Server, deadlineMs: number): Effect.Effect<void> =>
  Effect.callback((resume) => {
    const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
    server.close(() => {
      clearTimeout(deadline);
      resume(Effect.void);
    });
    server.closeIdleConnections();
  });
