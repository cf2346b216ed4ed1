import type { Writable } from "node:stream";
import * as Cause from "effect/Cause";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import type * as Layer from "effect/Layer";
import type { Channel, Command, CommandContext, CommandError, ExitStatus } from "./command.ts";
import { type CommandLine, readCommandLine } from "./command-line.ts";
import type { Environment } from "./config/read-variables.ts";
import { type Config, readConfig } from "./config.ts";
import { runBeside } from "./control-socket-client.ts";
import { failureLine, type RunControlled } from "./control-socket-server.ts";
import { progressBar } from "./progress-bar.ts";
import { UsageError, usageError } from "./usage-error.ts";
import { writeLine } from "./write-line.ts";

/** What a shell reports of a program that Ctrl-C ended: 128 + SIGINT. */
const STATUS_INTERRUPTED = 130;

/** One run of the program. */
export type CliRun<Services> = {
  readonly commands: ReadonlyArray<Command<Services>>;
  /** Opens the store that the configuration names; imported only when a command needs it. */
  readonly store: (
    config: Config,
    command: Pick<Command<Services>, "folds">,
  ) => Promise<Layer.Layer<Services, CommandError>>;
  readonly version: string;
  /** The command line after the program's name. */
  readonly written: ReadonlyArray<string>;
  readonly environment: Environment;
  /** The working folder. */
  readonly folder: string;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Aborts when the person or the system wants the program to stop. */
  readonly signal: AbortSignal;
};

type Asked<Services> = Extract<CommandLine<Services>, { kind: "run" }>;

/** Does what the command line says; answers the exit status of the process. */
export const runCli = async <Services>(run: CliRun<Services>): Promise<number> => {
  const asked = readCommandLine(run.commands, run.written);
  if (asked instanceof UsageError) return refuse(run, asked);
  if (asked.kind !== "run") {
    await Effect.runPromise(
      writeLine(run.stdout, asked.kind === "help" ? asked.text : run.version),
    );
    return 0;
  }
  const config = readConfig(run.environment, run.folder);
  if (config instanceof UsageError) return refuse(run, config);
  const bar = progressBar(run.stderr, () => performance.now());
  const context: CommandContext = {
    ...terminalChannel(run, bar),
    config,
    environment: run.environment,
    json: asked.json,
    folder: run.folder,
    signal: run.signal,
  };
  const work = runAsked(run, asked, context);
  const exit = await Effect.runPromiseExit(work, { signal: run.signal });
  bar.clear();
  if (Exit.isSuccess(exit)) return exit.value;
  if (Cause.hasInterruptsOnly(exit.cause)) {
    return asked.command.untilStopped ? 0 : STATUS_INTERRUPTED;
  }
  await Effect.runPromise(writeLine(run.stderr, failureLine(asked.command.name, exit.cause)));
  return 2;
};

/** Beside a server on the embedded store in that server, else here. */
const runAsked = <Services>(
  run: CliRun<Services>,
  asked: Asked<Services>,
  context: CommandContext,
): Effect.Effect<ExitStatus, CommandError> =>
  Effect.gen(function* () {
    const { command, given, written, json } = asked;
    if (!command.store) {
      const { run: work } = yield* Effect.promise(command.load);
      return yield* work(context, given);
    }
    if (context.config.store.kind === "pglite") {
      const request = { command: command.name, args: [...written], json, folder: run.folder };
      const folder = context.config.dataFolder;
      const beside = { folder, channel: context, signal: context.signal };
      const status = yield* runBeside(request, beside);
      if (status !== undefined) return status;
    }
    const { run: work } = yield* Effect.promise(command.load);
    const layer = yield* Effect.promise(() => run.store(context.config, command));
    return yield* Effect.provide(work(context, given), layer);
  });

/** The same table of commands for the control socket of a server, with the server's services. */
export const runControlled =
  <Services>(
    commands: ReadonlyArray<Command<Services>>,
    server: Pick<CommandContext, "config" | "environment">,
  ): RunControlled<Services> =>
  (request, channel, signal) =>
    Effect.gen(function* () {
      const asked = readCommandLine(commands, [request.command, ...request.args]);
      if (asked instanceof UsageError) return yield* asked;
      if (asked.kind !== "run" || !asked.command.store) {
        return yield* usageError(`Cannot run ${request.command} in the server`);
      }
      const { run: work } = yield* Effect.promise(asked.command.load);
      const folder = request.folder ?? process.cwd();
      const context = { ...server, ...channel, json: request.json, folder, signal };
      return yield* work(context, asked.given);
    });

const terminalChannel = <Services>(
  run: CliRun<Services>,
  bar: ReturnType<typeof progressBar>,
): Channel => {
  const line = (stream: Writable) => (text: string) =>
    Effect.suspend(() => {
      bar.clear();
      return writeLine(stream, text);
    });
  return { out: line(run.stdout), err: line(run.stderr), progress: bar.show };
};

const refuse = async <Services>(run: CliRun<Services>, error: UsageError): Promise<number> => {
  await Effect.runPromise(writeLine(run.stderr, error.message));
  return 2;
};
