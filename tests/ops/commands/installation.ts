import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as ManagedRuntime from "effect/ManagedRuntime";
import * as Scope from "effect/Scope";
import { Database } from "../../../adapters/sql/database.ts";
import { commands } from "../../../ops/commands.ts";
import type { Environment } from "../../../ops/config/read-variables.ts";
import { type Config, readConfig } from "../../../ops/config.ts";
import { failureLine } from "../../../ops/control-socket-server.ts";
import { createLog } from "../../../ops/log.ts";
import { runControlled } from "../../../ops/run-cli.ts";
import { openServer } from "../../../ops/server.ts";
import { type StoreServices, storeLayer } from "../../../ops/store.ts";
import { UsageError } from "../../../ops/usage-error.ts";

export const SETUP_TOKEN = "set-up-token-of-the-command-tests";

/** What a command wrote and how it ended. */
export type Ran = {
  readonly status: number;
  readonly out: ReadonlyArray<string>;
  readonly err: ReadonlyArray<string>;
};

export type Answer = {
  readonly status: number;
  readonly position: number;
  readonly cookie: string;
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any route, picked apart by the test
  readonly body: any;
};

export type Asked = { readonly cookie?: string; readonly body?: unknown };

/** A store opened in this process, as the server or as a command beside it. */
export type Installation = {
  readonly config: Config;
  readonly run: (...written: ReadonlyArray<string>) => Promise<Ran>;
  /** Statements past the program, as whoever owns the tables would run them. */
  readonly sql: <Row = Record<string, unknown>>(statement: string) => Promise<ReadonlyArray<Row>>;
  /** Several statements at once. */
  readonly script: (statements: string) => Promise<void>;
  readonly use: <A, E>(effect: Effect.Effect<A, E, StoreServices>) => Promise<A>;
  /** The API; only of a server. */
  readonly ask: (route: string, asked?: Asked) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

const isJson = ({ headers }: Response) => /json/.test(headers.get("content-type") ?? "");

/** Opens it; `as` a server it migrates, founds and projects. */
export const openInstallation = async (
  folder: string,
  variables: Environment,
  as: "server" | "guest",
): Promise<Installation> => {
  const environment = {
    LOG_LEVEL: "error",
    AUTHLEDGER_DATA: folder,
    AUTHLEDGER_SETUP_TOKEN: SETUP_TOKEN,
    ...variables,
  };
  const config = readConfig(environment, folder);
  if (config instanceof UsageError) throw config;
  const server = as === "server";
  const options = { migrate: server, run: server, anyIssuer: !server };
  const runtime = ManagedRuntime.make(storeLayer(config, options));
  const scope = Effect.runSync(Scope.make());
  const opened = openServer(config, createLog("error", process.stdout), { adoptUrl: false });
  const close = async () => {
    await Effect.runPromise(Scope.close(scope, Exit.void));
    await runtime.dispose();
  };
  const serving = server ? runtime.runPromise(Scope.provide(opened, scope)) : undefined;
  const handler = await serving?.then(
    (served) => served.handler,
    async (cause: unknown) => {
      await close();
      throw cause;
    },
  );
  const database = await runtime.runPromise(Database);
  return {
    config,
    use: (effect) => runtime.runPromise(effect),
    sql: (statement) => runtime.runPromise(database.query(statement)),
    script: (statements) => runtime.runPromise(database.script(statements)),
    run: async (command = "", ...args) => {
      const out: Array<string> = [];
      const err: Array<string> = [];
      const into = (lines: Array<string>) => (line: string) =>
        Effect.sync(() => void lines.push(line));
      const channel = { out: into(out), err: into(err), progress: () => {} };
      const json = args.includes("--json");
      const work = runControlled(commands, { config, environment })(
        { command, args: [...args], json },
        channel,
        new AbortController().signal,
      );
      const exit = await runtime.runPromiseExit(work);
      if (Exit.isSuccess(exit)) return { status: exit.value, out, err };
      return { status: 2, out, err: [...err, failureLine(command, exit.cause)] };
    },
    ask: async (route, { cookie, body } = {}) => {
      const [method = "", path = ""] = route.split(" ");
      const request = new Request(new URL(path, config.url), {
        method,
        headers: {
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(cookie === undefined ? {} : { cookie }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const received = { remoteAddress: "127.0.0.1", stopping: new AbortController().signal };
      const response = await handler?.(request, received);
      if (response === undefined) throw new Error("a guest has no API");
      const text = await response.text();
      return {
        status: response.status,
        position: Number(response.headers.get("ledger-position") ?? 0),
        cookie: response.headers.get("set-cookie")?.split(";")[0] ?? "",
        body: text === "" ? undefined : isJson(response) ? JSON.parse(text) : text,
      };
    },
    close,
  };
};
