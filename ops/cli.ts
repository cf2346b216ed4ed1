#!/usr/bin/env node
import { commands, openStore } from "./commands.ts";
import { packageVersion } from "./package-version.ts";
import { runCli } from "./run-cli.ts";

/** The first release whose type stripping, node:sqlite and fetch we rely on. */
const NODE_MAJOR_MIN = 24;
/** What a shell reports of a program that Ctrl-C ended: 128 + SIGINT. */
const STATUS_INTERRUPTED = 130;

const main = async (): Promise<number> => {
  if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR_MIN) {
    process.stderr.write(
      `Cannot run on Node ${process.versions.node}: expected ${NODE_MAJOR_MIN} or newer\n`,
    );
    return 2;
  }
  return runCli({
    commands,
    store: openStore,
    version: packageVersion(),
    written: process.argv.slice(2),
    environment: process.env,
    folder: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    signal: stopSignal(),
  });
};

/** The first signal asks to stop, a second one does not wait for it. */
const stopSignal = (): AbortSignal => {
  const stopping = new AbortController();
  const stop = () => {
    if (stopping.signal.aborted) process.exit(STATUS_INTERRUPTED);
    stopping.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // A reader that had enough, as in `authledger replay | head`, is no error of ours.
  process.stdout.on("error", stop);
  return stopping.signal;
};

const flushed = (stream: NodeJS.WriteStream) =>
  new Promise<void>((resolve) => {
    if (stream.destroyed || stream.writableEnded) resolve();
    else stream.write("", () => resolve());
  });

const status = await main();
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(status);
