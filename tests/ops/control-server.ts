import * as Effect from "effect/Effect";
import { readConfig } from "../../ops/config.ts";
import { controlSocketServer } from "../../ops/control-socket-server.ts";
import { folderLock } from "../../ops/folder-lock.ts";
import { runControlled } from "../../ops/run-cli.ts";
import { UsageError } from "../../ops/usage-error.ts";
import { demoCommands, placeNamed } from "./demo-commands.ts";

/** Started by the tests of the control socket: holds a folder and takes its commands. */
const environment = { AUTHLEDGER_DATA: process.argv[2] };
const config = readConfig(environment, process.cwd());
if (config instanceof UsageError) throw config;
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
const serve = Effect.gen(function* () {
  yield* folderLock(config.dataFolder);
  yield* controlSocketServer(
    config.dataFolder,
    runControlled(demoCommands, { config, environment }),
  );
  process.stdout.write("listening\n");
  return yield* Effect.never;
});
await Effect.runPromiseExit(
  Effect.scoped(Effect.provide(serve, placeNamed(`in process ${process.pid}`))),
  { signal: stop.signal },
);
process.stdout.write("stopped\n");
