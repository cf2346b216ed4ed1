import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import * as Cause from "effect/Cause";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import type * as Scope from "effect/Scope";
import type { Channel, CommandError, ExitStatus } from "./command.ts";
import {
  COMMANDS_PATH,
  type ControlLine,
  type ControlRequest,
  controlRequest,
  controlSocketPath,
} from "./control-socket.ts";
import { UsageError, usageError } from "./usage-error.ts";
import { writeLine } from "./write-line.ts";

/** A command line is far below; a mistaken client is cut off here. */
const BODY_BYTES_MAX = 1_048_576;

/** Runs one command in this process. */
export type RunControlled<Services> = (
  request: ControlRequest,
  channel: Channel,
  signal: AbortSignal,
) => Effect.Effect<ExitStatus, CommandError, Services>;

/**
 * Serves the folder's control socket, for its owner alone, until the scope closes; commands that
 * still run then are interrupted.
 *
 * Order: hold the folder's lock first, because a socket that is there is taken for a dead one's.
 */
export const controlSocketServer = <Services>(
  folder: string,
  run: RunControlled<Services>,
): Effect.Effect<void, UsageError, Services | Scope.Scope> =>
  Effect.gen(function* () {
    const path = controlSocketPath(folder);
    if (path instanceof UsageError) return yield* path;
    const services = yield* Effect.context<Services>();
    const stopping = new AbortController();
    const server = createServer((request, response) => {
      const done = new AbortController();
      response.on("close", () => done.abort());
      const signal = AbortSignal.any([stopping.signal, done.signal]);
      const answered = answer({ request, response, run, signal });
      // The answer's own status says what went wrong; an interrupted one has nobody to tell.
      void Effect.runPromiseExitWith(services)(answered, { signal }).finally(() => response.end());
    });
    yield* Effect.acquireRelease(listen(server, path), () => {
      stopping.abort();
      return close(server);
    });
  });

const listen = (server: Server, path: string): Effect.Effect<void, UsageError> =>
  Effect.callback((resume) => {
    rmSync(path, { force: true });
    server.once("error", (cause) => {
      const code = "code" in cause ? String(cause.code) : "unknown cause";
      resume(Effect.fail(usageError(`Cannot listen on ${path}: ${code}`)));
    });
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resume(Effect.void);
    });
  });

const close = (server: Server): Effect.Effect<void> =>
  Effect.callback((resume) => {
    server.close(() => resume(Effect.void));
    server.closeIdleConnections();
  });

/** One request: its command's lines, then its exit status. */
const answer = <Services>(exchange: {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly run: RunControlled<Services>;
  readonly signal: AbortSignal;
}): Effect.Effect<void, never, Services> =>
  Effect.gen(function* () {
    const { request, response, run, signal } = exchange;
    // One command a connection: a client that lingers would hold up a stop.
    response.setHeader("connection", "close");
    const send = (line: ControlLine) => writeLine(response, JSON.stringify(line));
    if (request.method !== "POST" || request.url !== COMMANDS_PATH) {
      response.writeHead(404);
      return;
    }
    const parsed = controlRequest.safeParse(yield* Effect.promise(() => bodyOf(request)));
    if (!parsed.success) {
      response.writeHead(400);
      return;
    }
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.flushHeaders();
    const channel: Channel = {
      out: (line) => send({ out: line }),
      err: (line) => send({ err: line }),
      progress: (done, total, label) => {
        // Progress is news, not history: while the reader is behind, none is queued.
        if (!response.writableNeedDrain) Effect.runSync(send({ progress: { done, total, label } }));
      },
    };
    const exit = yield* Effect.exit(run(parsed.data, channel, signal));
    if (Exit.isFailure(exit)) yield* send({ err: failureLine(parsed.data.command, exit.cause) });
    yield* send({ exit: Exit.isSuccess(exit) ? exit.value : 2 });
  });

/** The line for a person about why a command ended early; a defect's text stays inside. */
export const failureLine = (command: string, cause: Cause.Cause<CommandError>): string => {
  const failed = cause.reasons.find(Cause.isFailReason);
  if (failed !== undefined) return failed.error.message;
  const why = Cause.hasInterruptsOnly(cause) ? "it was stopped" : "a defect of the program";
  return `Cannot finish ${command}: ${why}`;
};

/** Undefined when it is too long or no JSON. */
const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Array<Buffer> = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
};
