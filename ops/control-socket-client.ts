import { request as httpRequest, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import * as Effect from "effect/Effect";
import type { Channel, ExitStatus } from "./command.ts";
import {
  COMMANDS_PATH,
  type ControlRequest,
  controlLine,
  controlSocketPath,
} from "./control-socket.ts";
import { UsageError, usageError } from "./usage-error.ts";

/** Nobody listens: no socket, or one that a dead process left. */
const NOBODY = ["ENOENT", "ECONNREFUSED", "ENOTSOCK"];

/** What a command beside a server needs besides its request. */
export type Beside = {
  readonly folder: string;
  readonly channel: Channel;
  readonly signal: AbortSignal;
};

/**
 * Runs a command in the server that holds the folder; undefined when there is none.
 *
 * Errors: the server went away before the command had ended.
 */
export const runBeside = (
  request: ControlRequest,
  { folder, channel, signal }: Beside,
): Effect.Effect<ExitStatus | undefined, UsageError> =>
  Effect.gen(function* () {
    const path = controlSocketPath(folder);
    if (path instanceof UsageError) return yield* path;
    const response = yield* Effect.tryPromise({
      try: () => post(path, request, signal),
      catch: () => usageError(`Cannot run ${request.command} beside the server: no answer`),
    });
    if (response === undefined) return undefined;
    if (response.statusCode !== 200) {
      response.destroy();
      return yield* usageError(`Cannot run ${request.command} beside a server of another version`);
    }
    return yield* Effect.tryPromise({
      try: () => relay(response, channel),
      catch: () => usageError(`Cannot finish ${request.command}: the server went away`),
    });
  });

const post = (path: string, request: ControlRequest, signal: AbortSignal) =>
  new Promise<IncomingMessage | undefined>((resolve, reject) => {
    const sent = httpRequest({ socketPath: path, path: COMMANDS_PATH, method: "POST", signal });
    sent.on("response", (response) => {
      // A connection that breaks ends the lines; what is missing then is noticed by their reader.
      response.on("error", () => {});
      resolve(response);
    });
    sent.on("error", (cause) => {
      const nobody = "code" in cause && NOBODY.includes(String(cause.code));
      if (nobody) resolve(undefined);
      else reject(cause);
    });
    sent.setHeader("content-type", "application/json");
    sent.end(JSON.stringify(request));
  });

/** Hands each line on; the exit status comes last, and without it the server went away. */
const relay = async (response: IncomingMessage, channel: Channel): Promise<ExitStatus> => {
  for await (const text of createInterface({ input: response })) {
    const line = controlLine.parse(JSON.parse(text));
    if ("exit" in line) return line.exit;
    if ("out" in line) await Effect.runPromise(channel.out(line.out));
    else if ("err" in line) await Effect.runPromise(channel.err(line.err));
    else channel.progress(line.progress.done, line.progress.total, line.progress.label);
  }
  throw new Error("no exit status");
};
