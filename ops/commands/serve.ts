import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type { Command, CommandContext, Run } from "../command.ts";
import { filesOf } from "../configured-files.ts";
import { controlSocketServer } from "../control-socket-server.ts";
import { httpListener } from "../http-listener.ts";
import { createLog, type Log, logLayer } from "../log.ts";
import { memoryStoreLayer } from "../memory-store.ts";
import { packageVersion } from "../package-version.ts";
import { runControlled } from "../run-cli.ts";
import { openServer } from "../server.ts";
import { showSetupToken } from "../setup-token.ts";
import { type StoreServices, storeLayer } from "../store.ts";
import { usageError } from "../usage-error.ts";

type Commands = ReadonlyArray<Command<StoreServices>>;

/**
 * Serves until it is stopped: what is in flight is answered, what is queued is appended. Where only
 * this process can open the store, the other commands run in it: `commands` is their table.
 */
export const serving =
  (commands: Commands): Run<never> =>
  (context, given) =>
    Effect.gen(function* () {
      const { config } = context;
      const log = createLog(config.logLevel, process.stdout);
      const observed = logLayer(log, config.logLevel);
      const options = { adoptUrl: given.values["adopt-url"] === true };
      yield* usable(config);
      yield* probe(context);
      // A scope inside the store's: the listener has answered what is in flight before that closes.
      if (config.store.kind === "memory") {
        const served = Effect.scoped(serve(context, log, options));
        return yield* Effect.provide(
          served,
          memoryStoreLayer(config).pipe(Layer.provideMerge(observed)),
        );
      }
      const store = storeLayer(config, { migrate: true, run: true, anyIssuer: options.adoptUrl });
      return yield* Effect.provide(
        Effect.scoped(Effect.andThen(beside(commands, context), serve(context, log, options))),
        store.pipe(Layer.provideMerge(observed)),
      );
    });

/** Mistakes that are in files, or that only serving makes one: found before anything is touched. */
const usable = Effect.fnUntraced(function* (config: CommandContext["config"]) {
  yield* filesOf(config);
  const shown = process.stdout.isTTY === true || config.setupToken !== undefined;
  if (config.store.kind === "memory" && !shown) {
    return yield* usageError(
      "Cannot use AUTHLEDGER_STORE memory without a terminal: expected AUTHLEDGER_SETUP_TOKEN to " +
        "be set, for nobody else would know the set-up token",
    );
  }
});

const beside = (commands: Commands, context: CommandContext) =>
  context.config.store.kind === "pglite"
    ? controlSocketServer(context.config.dataFolder, runControlled(commands, context))
    : Effect.void;

const serve = Effect.fnUntraced(function* (
  context: CommandContext,
  log: Log,
  options: { readonly adoptUrl: boolean },
) {
  const { config } = context;
  for (const warning of config.warnings) yield* context.err(warning);
  const { handler, protocol, setup } = yield* openServer(config, log, options);
  const { host } = config;
  const { port } = yield* httpListener({
    host,
    port: config.port,
    handler,
    protocol,
    ownProcess: true,
  });
  const { kind } = config.store;
  log.info("Listening", { url: config.url, host, port, store: kind, version: packageVersion() });
  if (setup !== undefined) {
    const { url, pages } = config;
    showSetupToken(process.stdout, { url, pages, token: setup.prepare() });
  }
  yield* Effect.addFinalizer(() => Effect.sync(() => log.info("Stopping")));
  return yield* Effect.never;
});

/** A taken port is found before the store is opened, so that nothing was touched. */
const probe = ({ config: { host, port } }: CommandContext) =>
  Effect.scoped(httpListener({ host, port, handler: () => new Response(null, { status: 503 }) }));
