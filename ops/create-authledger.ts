import type { RequestListener } from "node:http";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import * as Scope from "effect/Scope";
import type { Environment } from "./config/read-variables.ts";
import { readConfig } from "./config.ts";
import { filesOf } from "./configured-files.ts";
import { nodeListener, switching } from "./http-listener.ts";
import { injected } from "./injected.ts";
import { createLog, logLayer } from "./log.ts";
import { memoryStoreLayer } from "./memory-store.ts";
import { openServer } from "./server.ts";
import { storeLayer } from "./store.ts";
import { UsageError } from "./usage-error.ts";

export type AuthledgerOptions = {
  /** The variables of the configuration; `process.env` is not read. */
  readonly environment?: Environment;
  /** What relative paths begin at; the working folder by default. */
  readonly folder?: string;
};

/** A whole server inside your own program. */
export type Authledger = {
  /** For `http.createServer(listener)`, or mounted in one that you have. */
  readonly listener: RequestListener;
  /**
   * The same as one function. `remoteAddress` is the socket's, for throttles and for the origin of
   * events; without it all callers count as one network, and 100 POSTs in 10 s are for all of them.
   */
  readonly fetch: (
    request: Request,
    from?: { readonly remoteAddress?: string | undefined },
  ) => Promise<Response>;
  /** Ends streams, appends what is queued and closes the store; answer what is in flight before. */
  readonly close: () => Promise<void>;
};

/**
 * Opens an Authledger inside this process.
 *
 * Errors: rejects with an error of one line when the configuration or the store is not right.
 */
export async function createAuthledger(options: AuthledgerOptions = {}): Promise<Authledger> {
  const config = readConfig(options.environment ?? {}, options.folder ?? process.cwd());
  if (config instanceof UsageError) throw config;
  await Effect.runPromise(filesOf(config));
  const log = createLog(config.logLevel, process.stdout);
  const scope = Effect.runSync(Scope.make());
  const stopping = new AbortController();
  const opened = openServer(config, log, { adoptUrl: false }).pipe(Scope.provide(scope));
  const observed = logLayer(log, config.logLevel);
  const store = { migrate: true, run: true, anyIssuer: false };
  const runtime =
    config.store.kind === "memory"
      ? ManagedRuntime.make(memoryStoreLayer(config).pipe(Layer.provideMerge(observed)))
      : ManagedRuntime.make(storeLayer(config, store).pipe(Layer.provideMerge(observed)));
  const close = async () => {
    stopping.abort();
    await Effect.runPromise(Scope.close(scope, Exit.void));
    await runtime.dispose();
  };
  try {
    const { handler, protocol } = await runtime.runPromise(opened);
    return {
      listener: switching(protocol, nodeListener(handler, stopping.signal)),
      fetch: async (request, { remoteAddress } = {}) =>
        protocol.handles(new URL(request.url).pathname)
          ? injected(protocol.listener, request, { remoteAddress })
          : handler(request, { remoteAddress, stopping: stopping.signal }),
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}
