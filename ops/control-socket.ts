import { relative, resolve } from "node:path";
import * as z from "zod";
import { type UsageError, usageError } from "./usage-error.ts";

/** The socket's file, under the data folder. */
export const CONTROL_SOCKET_FILE = "control.sock";
/** The path that takes commands. */
export const COMMANDS_PATH = "/commands";
/** `sun_path` holds 104 bytes on macOS and 108 on Linux, with the zero at its end. */
const PATH_BYTES_MAX = 100;
/** A command line of a person; the system's own limit is of the same order. */
const ARGUMENTS_MAX = 1_000;
/** The system's own limit of a path. */
const PATH_CHARACTERS_MAX = 4_096;

/** What the client sends: the command as it was written. */
export const controlRequest = z.strictObject({
  command: z.string().max(100),
  args: z.array(z.string()).max(ARGUMENTS_MAX),
  json: z.boolean(),
  /** The working folder of who asks: their paths begin there. */
  folder: z.string().max(PATH_CHARACTERS_MAX).exactOptional(),
});

export type ControlRequest = z.output<typeof controlRequest>;

/** What the server streams back, one JSON object a line; `exit` is always the last. */
export const controlLine = z.union([
  z.strictObject({ out: z.string() }),
  z.strictObject({ err: z.string() }),
  z.strictObject({
    progress: z.strictObject({ done: z.number(), total: z.number(), label: z.string() }),
  }),
  z.strictObject({ exit: z.union([z.literal(0), z.literal(1), z.literal(2)]) }),
]);

export type ControlLine = z.output<typeof controlLine>;

/**
 * The path to listen on or to connect to: relative to the working folder where that is shorter,
 * because a socket's path may not be long.
 */
export const controlSocketPath = (folder: string): string | UsageError => {
  const absolute = resolve(folder, CONTROL_SOCKET_FILE);
  const fromHere = relative(process.cwd(), absolute);
  const path = fromHere.length < absolute.length ? fromHere : absolute;
  const bytes = Buffer.byteLength(path);
  if (bytes <= PATH_BYTES_MAX) return path;
  const limit = `a socket's path holds ${PATH_BYTES_MAX}`;
  return usageError(
    `Cannot use folder ${folder}: its control socket needs ${bytes} bytes, ${limit}`,
  );
};
