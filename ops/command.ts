import type * as Effect from "effect/Effect";
import type { Environment } from "./config/read-variables.ts";
import type { Config } from "./config.ts";

/** 0 done, 1 the answer is no (verification failed, drift found), 2 wrong usage or a failure. */
export type ExitStatus = 0 | 1 | 2;

/** Why a command could not do its work; the message is one line without personal data. */
export type CommandError = { readonly _tag: string; readonly message: string };

/** Where a command's output goes: this terminal, or a socket to another process's. */
export type Channel = {
  /** Waits while the reader is slower than the writer, so that long output stays out of memory. */
  readonly out: (line: string) => Effect.Effect<void>;
  readonly err: (line: string) => Effect.Effect<void>;
  /** Shown on a terminal only. Shape: units done and in all, and what they are. */
  readonly progress: (done: number, total: number, label: string) => void;
};

/** What every command is given. */
export type CommandContext = Channel & {
  readonly config: Config;
  readonly environment: Environment;
  /** The caller wants JSON. */
  readonly json: boolean;
  /** The caller's working folder: relative paths begin there. */
  readonly folder: string;
  /** Aborts when the caller wants to stop; the effect is interrupted too. */
  readonly signal: AbortSignal;
};

/** One `--option` of a command. */
export type CommandOption = {
  readonly type: "string" | "boolean";
  /** The placeholder of its value in the help, as in `--from POSITION`. */
  readonly value?: string;
  readonly about: string;
};

/** What stood on the command line after the command's name. */
export type CommandArguments = {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: ReadonlyArray<string>;
};

/** The work itself; `Services` is what it needs from the store. */
export type Run<Services> = (
  context: CommandContext,
  given: CommandArguments,
) => Effect.Effect<ExitStatus, CommandError, Services>;

/**
 * One line of the table of commands. The work is imported when it is run, so that help starts fast.
 *
 * Shape: `store` says that the work needs the store's services, so that beside a running server on
 * the embedded store it runs there; `folds` that it writes, so that it runs the projections itself
 * where no server does; `untilStopped` says that being stopped is how it ends well.
 */
export type Command<Services> = {
  readonly name: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** The names of positional arguments in the help, as in `[NAME…]`; absent: none are taken. */
  readonly positionals?: string;
  readonly untilStopped?: true;
  readonly folds?: true;
} & (
  | { readonly store: false; readonly load: () => Promise<{ readonly run: Run<never> }> }
  | { readonly store: true; readonly load: () => Promise<{ readonly run: Run<Services> }> }
);
